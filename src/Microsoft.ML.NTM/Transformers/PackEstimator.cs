using Microsoft.ML.NTM.Data.Packing;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM;

/// <summary>
/// Makes one row per sequence of a table with one row per time step. There is nothing to learn: <see cref="Fit"/> checks the columns and
/// reads no row.
/// </summary>
/// <remarks>Made by <see cref="SequenceCatalog.SequenceTransforms.Pack(PackOptions)"/>.</remarks>
public sealed class PackEstimator : IEstimator<PackTransformer>
{
    private readonly PackOptions _options;

    internal PackEstimator(PackOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfFaulty();
        _options = options;
    }

    /// <summary>How rows are packed.</summary>
    internal PackOptions Options => _options;

    /// <summary>The transformer for tables like <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public PackTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        PackedDataView.OutputSchema(input.Schema, _options);
        return new PackTransformer(_options);
    }

    /// <summary>The columns that packing makes: the sequence id, the features, the label. No other column is kept.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return PackShape.Output(inputSchema, _options);
    }
}
