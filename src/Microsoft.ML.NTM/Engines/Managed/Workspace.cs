using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// What one worker needs for the sub-batch it is at, and no longer. Scoring keeps two steps of the tapes, training all; memories are
/// kept every <see cref="Interval"/>-th step and made again on the way back.
/// </summary>
internal sealed unsafe class Workspace
{
    private readonly NetworkShape _shape;

    public Workspace(NetworkShape shape)
    {
        _shape = shape;
        int layers = shape.IsLstm ? shape.Layers : 0, cell = NetworkShape.RowStride(shape.Units);
        Cells = [.. Enumerable.Range(0, layers).Select(_ => new Tape(cell))];
        CellTanhs = [.. Enumerable.Range(0, layers).Select(_ => new Tape(cell))];
        DCells = [.. Enumerable.Range(0, layers).Select(_ => new Tape(cell))];
        DStates = new Tape(NetworkShape.RowStride(shape.StateSize));
        Weightings = new Tape(shape.Heads * shape.PaddedSlots);
        Norms = new Tape(shape.PaddedSlots);
        Traces = new Tape(shape.Heads * HeadTrace.Size(shape));
        Memories = new Tape(shape.MemorySize);
        Checkpoints = new Tape(shape.MemorySize);
        Replayed = new Tape(shape.MemorySize);
        DMemories = new Tape(shape.MemorySize);
        DWeightings = new Tape(shape.Heads * shape.PaddedSlots);
        Scratch = new HeadScratch(shape);
    }

    /// <summary>Per LSTM layer c and tanh c, cells t + 1 after step t: [T + 1, B, H] and [T, B, H].</summary>
    public Tape[] Cells { get; }

    public Tape[] CellTanhs { get; }

    /// <summary>Per LSTM layer the running derivative by c: [1, B, H].</summary>
    public Tape[] DCells { get; }

    /// <summary>The derivative by [h ; r], state t + 1 after step t: [T + 1, B, L*H + R*M].</summary>
    public Tape DStates { get; }

    /// <summary>Weightings t + 1 after step t: [T + 1, B, R + W, N].</summary>
    public Tape Weightings { get; }

    /// <summary>The slots' norms in the memory before step t: [T + 1, B, N].</summary>
    public Tape Norms { get; }

    /// <summary>What addressing keeps for its backward pass: [T, B, R + W, ...].</summary>
    public Tape Traces { get; }

    /// <summary>The memory of each row: [1, B, M, N].</summary>
    public Tape Memories { get; }

    /// <summary>The memory before every k-th step: [T / k, B, M, N].</summary>
    public Tape Checkpoints { get; }

    /// <summary>The memories before the steps after a checkpoint, made again: [k - 1, B, M, N].</summary>
    public Tape Replayed { get; }

    /// <summary>The running derivatives by memory and weightings: [1, B, M, N] and [1, B, R + W, N].</summary>
    public Tape DMemories { get; }

    public Tape DWeightings { get; }

    /// <summary>Rows for the head at hand.</summary>
    public HeadScratch Scratch { get; }

    /// <summary>Steps from one kept memory to the next (k).</summary>
    public int Interval { get; private set; }

    /// <summary>Makes room for <paramref name="steps"/> steps of <paramref name="rows"/> rows.</summary>
    public void Reset(int steps, int rows, bool training)
    {
        foreach (Tape tape in Cells)
            ResetSteps(tape, steps + 1, rows, training);
        foreach (Tape tape in CellTanhs)
            ResetSteps(tape, steps, rows, training);
        foreach (Tape tape in DCells)
            tape.Reset(1, rows);
        if (training)
            DStates.Reset(steps + 1, rows);
        if (_shape.Heads == 0)
            return;
        ResetSteps(Weightings, steps + 1, rows, training);
        ResetSteps(Norms, steps + 1, rows, training);
        ResetSteps(Traces, steps, rows, training);
        Memories.Reset(1, rows);
        if (!training)
            return;
        // The number of kept memories and of those between two of them are about the same.
        Interval = Math.Max(1, (int)Math.Ceiling(Math.Sqrt(steps)));
        Checkpoints.Reset((steps + Interval - 1) / Interval, rows);
        Replayed.Reset(Math.Max(1, Interval - 1), rows);
        DMemories.Reset(1, rows);
        DWeightings.Reset(1, rows);
    }

    private static void ResetSteps(Tape tape, int steps, int rows, bool training)
    {
        if (training)
            tape.Reset(steps, rows);
        else
            tape.ResetAsRing(rows);
    }
}

/// <summary>What one head's addressing keeps of a step: rows over slots, and scalars.</summary>
internal readonly unsafe struct HeadTrace(NetworkShape shape, float* start)
{
    private const int Scalars = LaneMasks.Padding;

    /// <summary>Numbers per head and step.</summary>
    public static int Size(NetworkShape shape) => 4 * shape.PaddedSlots + shape.CircleSize + Scalars;

    /// <summary>cos(k, M(i)): [N].</summary>
    public float* Cosines => start;

    /// <summary>w_c: [N].</summary>
    public float* Content => start + shape.PaddedSlots;

    /// <summary>w_s: [N].</summary>
    public float* Shifted => start + 2 * shape.PaddedSlots;

    /// <summary>ln of the scaled w_s: [N].</summary>
    public float* Logarithms => start + 3 * shape.PaddedSlots;

    /// <summary>w_g as a closed circle: [S + N + S].</summary>
    public float* Circle => start + 4 * shape.PaddedSlots;

    /// <summary>|k|.</summary>
    public ref float KeyNorm => ref start[4 * shape.PaddedSlots + shape.CircleSize];

    /// <summary>dbeta / draw.</summary>
    public ref float StrengthSlope => ref start[4 * shape.PaddedSlots + shape.CircleSize + 1];

    /// <summary>dgamma / draw.</summary>
    public ref float SharpeningSlope => ref start[4 * shape.PaddedSlots + shape.CircleSize + 2];
}

/// <summary>Rows that a head's backward pass works in.</summary>
internal sealed unsafe class HeadScratch
{
    private readonly NetworkShape _shape;
    private readonly AlignedBuffer _buffer = new();

    public HeadScratch(NetworkShape shape)
    {
        _shape = shape;
        int slots = shape.PaddedSlots;
        _buffer.Require(NetworkShape.RowStride(shape.HeadsSize) + (shape.Heads + 2) * slots + shape.CircleSize);
        // Erase vectors of heads that have none: all ones.
        Ones.Require(shape.Spec.MemoryWidth);
        new Span<float>(Ones.Pointer, shape.Spec.MemoryWidth).Fill(1f);
        Unused.Require(shape.Spec.MemoryWidth);
    }

    /// <summary>Ones: [M].</summary>
    public AlignedBuffer Ones { get; } = new();

    /// <summary>Results that nobody reads: [M].</summary>
    public AlignedBuffer Unused { get; } = new();

    /// <summary>The derivative by the head parameters: [P].</summary>
    public float* DHeads => _buffer.Pointer;

    /// <summary>The derivative by w_c, then by the dots, per head: [R + W, N].</summary>
    public float* DDots(int head) => DHeads + NetworkShape.RowStride(_shape.HeadsSize) + head * _shape.PaddedSlots;

    /// <summary>What each value of slot i takes times itself: [N].</summary>
    public float* PerValue => DDots(_shape.Heads);

    /// <summary>Zeros: [N].</summary>
    public float* Zeros => PerValue + _shape.PaddedSlots;

    /// <summary>The derivative by w_s as a closed circle: [S + N + S].</summary>
    public float* DCircle => Zeros + _shape.PaddedSlots;
}
