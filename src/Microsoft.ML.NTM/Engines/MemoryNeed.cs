using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;

namespace Microsoft.ML.NTM.Engines;

/// <summary>
/// What the managed engine needs to train on a batch, beyond the batch and the parameters, known before it begins. Rows run in groups,
/// whose
/// steps are all kept for the backward pass; T, n: a group's steps and rows, in floats:
/// <code>
/// T n (D + P + O + L (G + H) + E)   inputs, head parameters, outputs, gates and cells' squashed values of the layers, derivatives of
/// embeddings
/// (T + 1) n (2 S + L H)             state lines and their derivatives, cells of the layers
/// NTM, every group:  (T + 1) n h N + T n (2 h + 1) N + 3 T n h + n N M (T / k + k + 2)
/// DNC, every thread: (T + 1) n (R + 4) N + T n (3 + a (R + 1) + b R) N + n (N M + N N) (T / k + k + 2)
/// </code>
/// with D inputs, P head parameters, O outputs, L layers of H units with G gates, E embedded inputs, S = reads and all layers' outputs, h
/// heads, R read
/// heads, N slots rounded up to whole vectors, M width, a = 2 (3 with masks), b = 2 (4 with sharpened links); the memory is kept every
/// k-th step. An LSTM that reads both ways has twice the layers and (T + 2) n state lines.
/// </summary>
internal static class MemoryNeed
{
    private const int TileRows = 8, GroupLinks = 32 * 1024;

    // Where kept memory of a group becomes too large to keep more often, and what is replayed from the cache.
    private const long NtmKept = 8 * 1024 * 1024, NtmReplay = 96 * 1024, DncKept = 1024 * 1024;

    /// <summary>Bytes, about: within a tenth.</summary>
    /// <param name="network">The network.</param>
    /// <param name="lengths">Steps per row, never increasing: [B].</param>
    /// <param name="threads">Threads of the engine.</param>
    /// <param name="truncation">Steps that are kept at once, at most (K): T and n are of such a window.</param>
    public static long OfTraining(NetworkSpec network, ReadOnlySpan<int> lengths, int threads, int truncation = int.MaxValue)
    {
        int most = network.Kind == NetworkKind.Dnc ? Math.Clamp(GroupLinks / new DncSizes(network).LinksLength, 1, TileRows) : TileRows;
        int count = lengths.Length, rows = count >= 2 * most ? most : count >= most / 2 ? (count + 1) / 2 : count;
        long floats = 0, cell = 0;
        int groups = 0;
        for (int row = 0; row < count; row += rows)
        {
            int steps = Math.Min(lengths[row], truncation), size = Math.Min(rows, count - row);
            floats += Group(network, steps, size);
            // Memory that is carried from window to window belongs to its group; else as many as there are threads share theirs.
            if (network.Kind == NetworkKind.Dnc && truncation < int.MaxValue)
                floats += Dnc(network, steps, size);
            else if (network.Kind == NetworkKind.Dnc)
                cell = Math.Max(cell, Dnc(network, lengths[0], size));
            groups++;
        }
        return (floats + Math.Min(groups, Math.Max(threads, 1)) * cell) * sizeof(float);
    }

    /// <summary>As <see cref="OfTraining(NetworkSpec, ReadOnlySpan{int}, int, int)"/>, of a batch.</summary>
    public static long OfTraining(NetworkSpec network, SequenceBatch batch, int threads, int truncation = int.MaxValue) =>
        OfTraining(network, batch.Lengths.AsSpan(0, batch.Rows), threads, truncation);

    private static long Group(NetworkSpec network, long steps, long rows)
    {
        bool lstm = network.Controller == ControllerKind.Lstm;
        long size = network.ControllerSize, layers = network.DirectedLayers, state = network.ReadSize + layers * size;
        long heads = network.Kind switch { NetworkKind.Ntm => network.HeadsSize, NetworkKind.Dnc => network.InterfaceSize, _ => 0 };
        long line = network.InputSize + heads + network.OutputSize + layers * (lstm ? 5 * size : size) + network.EmbeddedSize;
        long slot = 2 * state + (lstm ? layers * size : 0);
        return steps * rows * line + (steps + network.Directions) * rows * slot
            + (network.Kind == NetworkKind.Ntm ? Ntm(network, steps, rows) : 0);
    }

    private static long Ntm(NetworkSpec network, long steps, long rows)
    {
        var sizes = new NtmSizes(network);
        long memory = (long)sizes.Width * sizes.N, heads = sizes.Heads, fitting = NtmReplay / (rows * memory);
        bool large = steps * rows * memory > NtmKept * Math.Max(fitting, 1);
        long interval = Math.Clamp(large ? Math.Max(fitting, (long)Math.Sqrt(steps)) : fitting, 1, steps);
        return (steps + 2) * rows * heads * sizes.N + steps * rows * ((2 * heads + 1) * sizes.N + 3 * heads)
            + Kept(steps, interval, rows, memory);
    }

    private static long Dnc(NetworkSpec network, long steps, long rows)
    {
        var sizes = new DncSizes(network);
        long reads = sizes.NumberOfReadHeads, n = sizes.N, memory = (long)sizes.Width * n, links = n * n;
        long step = (3 + (sizes.Masked ? 3 : 2) * (reads + 1) + (sizes.Sharpens ? 4 : 2) * reads) * n + 4 * reads + 2;
        long all = steps * rows * (memory + links);
        long interval = Math.Min((all + DncKept - 1) / DncKept, Math.Max(1, (long)Math.Sqrt(steps)));
        return (steps + 1) * rows * (reads + 4) * n + steps * rows * step + rows * (reads + 3) * n
            + Kept(steps, interval, rows, memory + links);
    }

    // Every k-th, the steps between that are replayed, the current one and the derivatives by it.
    private static long Kept(long steps, long interval, long rows, long length) =>
        ((steps + interval - 1) / interval + interval + 2) * rows * length;
}
