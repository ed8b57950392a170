namespace Microsoft.ML.NTM.Trainers;

/// <summary>Upper bounds of options: far above any use, and low enough that no sum or product of them overflows.</summary>
internal static class OptionLimits
{
    /// <summary>Most sequences per update. Rows are numbered with an int and read ahead by the pool, several batches' worth.</summary>
    internal const int BatchSize = 1 << 20;

    /// <summary>Most threads: more than machines have cores. Only as many are started as a batch has work for.</summary>
    internal const int NumberOfThreads = 1024;

    /// <summary>Most numbers that a key becomes.</summary>
    internal const int EmbeddingSize = Model.NetworkSpecFaults.MaxSize;

    /// <summary>Most feature columns: a model file with more would be refused.</summary>
    internal const int FeatureColumns = 10_000;

    /// <summary>Most answers after the input; a model file with more would be refused.</summary>
    internal const int OutputLength = Model.SequenceSpecFaults.MaxOutputLength;

    /// <summary>Most reports of a training with checkpoints, which hold them all: about 50 MB.</summary>
    internal const int ReportsInCheckpoint = 100_000;
}
