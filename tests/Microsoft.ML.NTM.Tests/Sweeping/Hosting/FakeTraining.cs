using Microsoft.ML.Data;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Tests.Sweeping.Hosting;

/// <summary>Trainings that take no time: their losses follow from the settings, the seed and how far they are.</summary>
internal static class FakeTraining
{
    public static readonly SweepSpace Space = SweepSpace.Empty.Range("X", 0.0, 1.0, 0.9).Choice("Kind", "a", "b");

    public static double Loss(TrialWork work, int part) => Math.Abs((double)work.Values["X"] - 0.3)
        + ((string)work.Values["Kind"] == "b" ? 0.1 : 0.2)
        + 1.0 / part + 1e-3 * (work.Seed % 7);

    /// <summary>Reports every part and stops when it is told to.</summary>
    public static TrialResult Train(TrialWork work)
    {
        int part = 0;
        while (part < work.WholeTraining && !work.Stop.IsCancellationRequested)
            work.Report(++part, Loss(work, part));
        int reached = part;
        return new TrialResult(new Model(work.Number), () => Loss(work, reached));
    }

    /// <summary>A model that is nothing but its trial's number.</summary>
    internal sealed class Model(int number) : ITransformer
    {
        public int Number { get; } = number;

        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => throw new NotSupportedException();

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public IDataView Transform(IDataView input) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();
    }
}
