using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.NTM;
using Microsoft.ML.NTM.Data.Packing;
using Microsoft.ML.NTM.Transformers;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(PackTransformer), null, typeof(SignatureLoadModel), "Packs steps into sequences",
    PackTransformer.LoaderSignature)]

namespace Microsoft.ML.NTM;

/// <summary>
/// Shows a table with one row per time step as one row per sequence, streaming. It is no row-to-row transformer, so a pipeline that holds
/// it serves no <c>PredictionEngine</c>: pack first, and make the prediction engine of what was fitted on the packed rows, or take rows as
/// they come with <see cref="SequenceCatalog.CreateStepEngine"/>.
/// </summary>
public sealed class PackTransformer : ITransformer
{
    internal const string LoaderSignature = "SequencePackTransformer";

    internal PackTransformer(PackOptions options) => Options = options;

    /// <summary>How rows are packed.</summary>
    public PackOptions Options { get; }

    /// <summary>False: a sequence is made of several rows.</summary>
    public bool IsRowToRowMapper => false;

    /// <summary>The columns that packing makes of <paramref name="inputSchema"/>'s; no label where its sources are not there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return PackedDataView.OutputSchema(inputSchema, Options.For(inputSchema));
    }

    /// <summary>Not possible.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) =>
        throw new InvalidOperationException(
            "Packing makes one row of several: it has no row-to-row mapper. Pack first, then use the rows.");

    /// <summary>The sequences of <paramref name="input"/>, which need not have the label. Rows are read when the result is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new PackedDataView(input, Options);
    }

    internal static PackTransformer Create(IHostEnvironment _, ModelLoadContext context) => new(PackModelFile.Load(context));

    void ICanSaveModel.Save(ModelSaveContext ctx) => PackModelFile.Save(Options, ctx);
}
