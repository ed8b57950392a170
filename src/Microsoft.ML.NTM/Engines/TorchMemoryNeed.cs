namespace Microsoft.ML.NTM.Engines;

/// <summary>
/// What the Torch engine takes on a CPU, about: what autograd keeps of a step was measured, to within a third. In training all steps of a
/// window of K are kept; in scoring only the state.
/// </summary>
/// <param name="network">The network.</param>
internal sealed class TorchMemoryNeed(NetworkSpec network) : MemoryNeed
{
    // Nodes of the graph and small tensors of a step, whatever its size.
    private const long BytesPerStep = 40_000;

    // Tensors of a state and of what a step makes of it, at once.
    private const double StatesAtOnce = 6;

    /// <inheritdoc/>
    public override NetworkSpec Network => network;

    /// <inheritdoc/>
    public override MemoryAmount OfTraining(ReadOnlySpan<int> lengths)
    {
        double rows = 0;
        foreach (int length in lengths)
            rows += Math.Min(length, Truncation);
        long kept = (long)(rows * KeptPerStep() * sizeof(float)), nodes = Math.Min(lengths[0], Truncation) * BytesPerStep;
        return new MemoryAmount(kept + nodes, LargestBuffer: 0);
    }

    /// <inheritdoc/>
    public override MemoryAmount OfScoring(ReadOnlySpan<int> lengths) =>
        new((2 * BatchAndScores(network, lengths) + (long)(StatesHeld(lengths) * StatesAtOnce * State)) * sizeof(float), LargestBuffer: 0);

    // What reads both ways holds those of all steps.
    private double StatesHeld(ReadOnlySpan<int> lengths) => (double)lengths.Length * (network.Bidirectional ? lengths[0] : 1);

    private double State => network.Kind switch
    {
        NetworkKind.Ntm => Memory,
        NetworkKind.Dnc => Memory + Links,
        _ => 0,
    } + 2.0 * network.HiddenSize + network.ReadSize;

    private double Memory => (double)network.MemorySlots * network.MemoryWidth;

    private double Links => (double)network.MemorySlots * network.MemorySlots;

    // Floats of a row's step.
    private double KeptPerStep() => 3.0 * network.InputSize + 12.0 * network.OutputSize
        + (network.Controller == ControllerKind.Lstm ? 13.5 : 6) * network.HiddenSize
        + network.Kind switch { NetworkKind.Ntm => NtmStep(), NetworkKind.Dnc => DncStep(), _ => 0 };

    private double NtmStep()
    {
        double weightings = (double)(network.NumberOfReadHeads + network.NumberOfWriteHeads) * network.MemorySlots;
        return Memory * (2.2 + 2.3 * network.NumberOfWriteHeads) + weightings * (12.5 + 1.9 * (2 * network.ShiftRange + 1));
    }

    private double DncStep()
    {
        double copies = 2.7 + (network.Deallocation ? 1.7 : 0) + (network.MaskedContent ? 1.2 * (network.NumberOfReadHeads + 1) : 0);
        return 5.1 * Links + copies * Memory + network.MemorySlots * (15.0 + 8 * network.NumberOfReadHeads);
    }
}
