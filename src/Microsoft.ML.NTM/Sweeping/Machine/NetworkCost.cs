namespace Microsoft.ML.NTM.Sweeping;

/// <summary>What training a network costs, in floating-point operations: forward, backward and the weights' gradients.</summary>
internal static class NetworkCost
{
    /// <summary>Operations for one sequence of <paramref name="steps"/> steps that are all answered.</summary>
    /// <remarks>
    /// Matrices count 6 operations per weight and step (2 forward, 4 backward), the NTM's addressing, reading and writing 38 per number of
    /// memory. The DNC's linkage is N x N: 2 operations forward per link for the update, 1 per link and read head in each direction for
    /// following it, and twice that backward.
    /// </remarks>
    public static double PerSequence(NetworkSpec network, double steps)
    {
        double hidden = network.ControllerSize, slots = network.MemorySlots, weights = 0;
        int gates = network.Controller == ControllerKind.Lstm ? 4 : 1;
        for (int layer = 0; layer < network.ControllerLayers; layer++)
            weights += network.Directions * gates * hidden * (network.LayerInputSize(layer) + (gates > 1 ? hidden : 0));
        weights += (double)network.OutputSize * (network.HiddenSize + network.ReadSize);
        double memory = 0;
        if (network.HasMemory)
        {
            weights += (double)network.HiddenSize * (network.Kind == NetworkKind.Dnc ? network.InterfaceSize : network.HeadsSize);
            memory = 19.0 * (network.NumberOfReadHeads + network.NumberOfWriteHeads) * slots * network.MemoryWidth;
            if (network.Kind == NetworkKind.Dnc)
                memory += 3 * slots * slots * (6 + 4.0 * network.NumberOfReadHeads);
        }
        return steps * (6 * weights + memory);
    }
}
