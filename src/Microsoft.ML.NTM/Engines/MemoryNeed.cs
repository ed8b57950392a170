namespace Microsoft.ML.NTM.Engines;

/// <summary>What an engine takes for a batch, beyond the parameters, known before it begins.</summary>
internal abstract class MemoryNeed
{
    /// <summary>What is run.</summary>
    public abstract NetworkSpec Network { get; }

    /// <summary>Steps that are kept at once, at most (K).</summary>
    public int Truncation { get; init; } = int.MaxValue;

    /// <summary>For loss and gradient, beyond the batch itself.</summary>
    /// <param name="lengths">Steps per row, never increasing: [B].</param>
    public abstract MemoryAmount OfTraining(ReadOnlySpan<int> lengths);

    /// <summary>For loss or scores, those and the batch included.</summary>
    /// <param name="lengths">Steps per row, never increasing: [B].</param>
    public abstract MemoryAmount OfScoring(ReadOnlySpan<int> lengths);

    /// <summary>The batch's inputs and keys, its outputs, and the answers among them, in numbers.</summary>
    protected static long BatchAndScores(NetworkSpec network, ReadOnlySpan<int> lengths) =>
        (long)lengths[0] * lengths.Length * (network.InputSize + network.KeysPerStep + 2L * network.OutputSize);
}
