namespace Microsoft.ML.NTM.Tests.Trainers;

/// <summary>A network and data small enough to train in a moment.</summary>
internal static class SmallNtm
{
    /// <summary>Two-bit copies of one to three vectors.</summary>
    public static IDataView Data(MLContext ml, int rows = 40, int seed = 0) => new CopyTask(1, 3, bits: 2, seed).ToDataView(ml, rows);

    /// <summary>A few iterations on it.</summary>
    public static NtmTrainer.Options Options(int iterations = 5) => new()
    {
        Alignment = SequenceAlignment.AfterInput,
        Loss = SequenceLoss.BinaryCrossEntropy,
        OutputLengthColumnName = "OutputLength",
        NumberOfIterations = iterations,
        BatchSize = 4,
        ControllerSize = 12,
        MemorySlots = 8,
        MemoryWidth = 6,
        Seed = 3,
    };
}
