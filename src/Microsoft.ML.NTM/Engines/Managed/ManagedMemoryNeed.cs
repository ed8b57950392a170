namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// What the managed engine takes. Rows run in groups. In training all steps of a window of K are kept for the backward pass, in scoring
/// the last 64, of wide LSTMs 4; T, n: a group's kept steps and rows, in floats:
/// <code>
/// T n (D + P + O + L (G + H) + E)   inputs, head parameters, outputs, gates and cells' squashed values, derivatives of embeddings
/// (T + 1) n (2 S + L H)             state lines and their derivatives, cells of the layers
/// NTM, every group:  (T + 1) n h N + T n (2 h + 1) N + 3 T n h + n N M (T / k + k + 2)
/// DNC, every thread: (T + 1) n (R + 4) N + T n (3 + a (R + 1) + b R) N + n (N M + N N) (T / k + k + 2)
/// </code>
/// with D inputs, P head parameters, O outputs, L layers of H units with G gates, E embedded inputs, S = reads and all layers' outputs, h
/// heads, R read heads, N slots rounded up to whole vectors, M width, a = 2 (3 with masks), b = 2 (4 with sharpened links); the memory is
/// kept every k-th step. Scoring has no derivatives and one memory instead of T / k + k + 2. An LSTM that reads both ways has twice the
/// layers and (T + 2) n state lines, and scores all steps at once.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="threads">Threads of the engine.</param>
internal sealed class ManagedMemoryNeed(NetworkSpec network, int threads) : MemoryNeed
{
    // Steps that are scored before the next ones reuse their room.

    // Where kept memory of a group becomes too large to keep more often, and what is replayed from the cache.
    private const long NtmKept = 8 * 1024 * 1024, NtmReplay = 96 * 1024;

    private readonly GroupRows _groupRows = new(network);

    /// <inheritdoc/>
    public override NetworkSpec Network => network;

    /// <inheritdoc/>
    public override MemoryAmount OfTraining(ReadOnlySpan<int> lengths) => Of(lengths, Truncation, trains: true);

    /// <inheritdoc/>
    public override MemoryAmount OfScoring(ReadOnlySpan<int> lengths)
    {
        MemoryAmount engine = Of(lengths, _groupRows.ScoredSteps, trains: false);
        return engine with { Bytes = engine.Bytes + sizeof(float) * BatchAndScores(network, lengths) };
    }

    private MemoryAmount Of(ReadOnlySpan<int> lengths, int window, bool trains)
    {
        int rows = _groupRows.Of(lengths.Length);
        bool isDnc = network.Kind == NetworkKind.Dnc, shares = isDnc && Truncation == int.MaxValue;
        var sum = new Sum();
        int groups = 0;
        for (int row = 0; row < lengths.Length; row += rows, groups++)
        {
            int steps = Math.Min(lengths[row], window), size = Math.Min(rows, lengths.Length - row);
            AddGroup(ref sum, steps, size, trains);
            // Memory that is carried from window to window belongs to its group; else as many as there are threads share theirs.
            if (isDnc && !shares)
                AddDnc(ref sum, steps, size, trains, times: 1);
        }
        if (shares)
            AddDnc(ref sum, Math.Min(lengths[0], window), rows, trains, Math.Min(groups, Math.Max(threads, 1)));
        return new MemoryAmount(sum.Floats * sizeof(float), sum.Largest);
    }

    private void AddGroup(ref Sum sum, long steps, long rows, bool trains)
    {
        bool lstm = network.Controller == ControllerKind.Lstm;
        long size = network.ControllerSize, layers = network.DirectedLayers, state = network.ReadSize + layers * size;
        long heads = network.Kind switch { NetworkKind.Ntm => network.HeadsSize, NetworkKind.Dnc => network.InterfaceSize, _ => 0 };
        long lines = steps * rows, slots = lines + rows * network.Directions;
        sum.Add(lines * network.InputSize);
        sum.Add(lines * heads);
        sum.Add(lines * network.OutputSize);
        sum.Add(slots * state, times: trains ? 2 : 1);
        sum.Add(lines * (lstm ? 4 * size : size), layers);
        if (lstm)
        {
            sum.Add(lines * size, layers);
            sum.Add(slots * size, layers);
        }
        if (trains)
            sum.Add(lines * network.EmbeddedSize);
        if (network.Kind == NetworkKind.Ntm)
            AddNtm(ref sum, steps, rows, trains);
    }

    private void AddNtm(ref Sum sum, long steps, long rows, bool trains)
    {
        var sizes = new NtmSizes(network);
        long memory = rows * sizes.Width * sizes.N, heads = sizes.Heads, fitting = NtmReplay / memory;
        bool large = steps * memory > NtmKept * Math.Max(fitting, 1);
        long interval = Math.Clamp(large ? Math.Max(fitting, (long)Math.Sqrt(steps)) : fitting, 1, steps);
        sum.Add((steps + 1) * rows * heads * sizes.N);
        sum.Add(steps * rows * (2 * heads + 1) * sizes.N);
        sum.Add(steps * rows * 3 * heads);
        sum.Add(memory);
        if (!trains)
            return;
        sum.Add(rows * heads * sizes.N);
        sum.Add((steps + interval - 1) / interval * memory);
        sum.Add(interval * memory);
        sum.Add(memory);
    }

    private void AddDnc(ref Sum sum, long steps, long rows, bool trains, long times)
    {
        var sizes = new DncSizes(network);
        long reads = sizes.NumberOfReadHeads, n = sizes.N, memory = rows * sizes.Width * n, links = rows * n * n;
        sum.Add((steps + 1) * rows * (reads + 4) * n, times);
        sum.Add(steps * rows * (3 + (sizes.Masked ? 3 : 2) * (reads + 1) + (sizes.Sharpens ? 4 : 2) * reads) * n, times);
        sum.Add(steps * rows * (4 * reads + 2), times);
        sum.Add(memory, times);
        sum.Add(links, times);
        if (!trains)
            return;
        long interval = DncInterval.Of(steps, memory + links);
        sum.Add((steps + interval - 1) / interval * (memory + links), times);
        sum.Add(interval * memory, times);
        sum.Add((interval - 1) / DncInterval.LinkSteps * links, times);
        sum.Add(memory + links + rows * (reads + 3) * n, times);
    }

    private struct Sum
    {
        public long Floats;
        public long Largest;

        public void Add(long buffer, long times = 1)
        {
            Floats += times * buffer;
            Largest = Math.Max(Largest, buffer);
        }
    }
}
