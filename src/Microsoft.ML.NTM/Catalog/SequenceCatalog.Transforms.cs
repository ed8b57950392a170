namespace Microsoft.ML.NTM;

public sealed partial class SequenceCatalog
{
    /// <summary>Transforms that bring data into the form of sequences.</summary>
    public SequenceTransforms Transforms { get; } = new();

    /// <summary>The transforms behind <see cref="Transforms"/>.</summary>
    public sealed class SequenceTransforms
    {
        internal SequenceTransforms()
        {
        }

        /// <summary>
        /// Packs a table with one row per time step into one row per sequence, with columns <c>Features</c> and <c>Label</c> (and the
        /// sequence id). With <paramref name="window"/>, a sequence is a window that slides over the rows.
        /// </summary>
        /// <param name="inputColumnNames">The columns that stand side by side in each step.</param>
        /// <param name="labelColumnName">The column that labels are taken from; null: there is no label. Tables to score need not have
        /// it.</param>
        /// <param name="sequenceColumnName">
        /// The column that tells which sequence a row belongs to; null: the table is one series. The rows of a sequence may stand together
        /// or not.
        /// </param>
        /// <param name="orderColumnName">
        /// The column that a sequence's rows are sorted by; null: they stand in order. Rows of equal values stay as they stand.
        /// </param>
        /// <param name="labelPlacement">Which rows' labels a sequence has.</param>
        /// <param name="window">Steps per window; null: all rows of a sequence.</param>
        /// <param name="horizon">How many rows ahead labels are: 1 forecasts the next row.</param>
        /// <exception cref="ArgumentException">The arguments contradict themselves; the message names every fault.</exception>
        /// <example>
        /// <code>
        /// IDataView sequences = ml.Sequence.Transforms
        ///     .Pack(["Temperature", "Vibration"], "Failed", sequenceColumnName: "Run", labelPlacement: LabelPlacement.Last)
        ///     .Fit(table).Transform(table);
        /// </code>
        /// </example>
        public PackEstimator Pack(
            string[] inputColumnNames,
            string? labelColumnName = null,
            string? sequenceColumnName = null,
            string? orderColumnName = null,
            LabelPlacement labelPlacement = LabelPlacement.EveryStep,
            int? window = null,
            int horizon = 0)
        {
            ArgumentNullException.ThrowIfNull(inputColumnNames);
            return Pack(new PackOptions
            {
                Features = [new PackColumn("Features", inputColumnNames)],
                Label = labelColumnName is null ? null : new PackColumn("Label", [labelColumnName]),
                SequenceColumnName = sequenceColumnName,
                OrderColumnName = orderColumnName,
                LabelPlacement = labelPlacement,
                Window = window,
                Horizon = horizon,
            });
        }

        /// <summary>Packs a table with one row per time step, told everything.</summary>
        /// <exception cref="ArgumentException">The options contradict themselves; the message names every fault.</exception>
        /// <example>
        /// <code>
        /// IDataView windows = ml.Sequence.Transforms.Pack(new PackOptions
        /// {
        ///     Features = [new PackColumn("Features", ["Temperature", "Vibration"])],
        ///     Label = new PackColumn("Label", ["Temperature"]),
        ///     LabelPlacement = LabelPlacement.Following,
        ///     SequenceColumnName = "Run",
        ///     Window = 8,
        ///     Horizon = 3,
        /// }).Fit(table).Transform(table);
        /// </code>
        /// </example>
        public PackEstimator Pack(PackOptions options) => new(options);
    }
}
