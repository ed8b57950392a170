namespace Microsoft.ML.NTM.Transformers.LookAhead;

/// <summary>Where a column comes from.</summary>
/// <param name="Input">Its index in the input; null: it is one of the model's answers.</param>
internal readonly record struct LookAheadColumn(int? Input)
{
    /// <summary>The column of the input, or none.</summary>
    public IEnumerable<DataViewSchema.Column> In(DataViewSchema input) => Input is int index ? [input[index]] : [];
}
