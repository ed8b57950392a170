namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// What is kept of a DNC's steps: slots of states (0 before the first step, t + 1 after step t) and, per step, what the backward pass asks
/// for again. Everything is vectors of n. Memory and links are not here: they are kept every few steps only.
/// </summary>
internal sealed unsafe class DncTape(DncSizes sizes)
{
    // R read weightings, write weighting, usage, precedence, the memory's norms.
    private readonly StepBuffer _slots = new((sizes.NumberOfReadHeads + 4) * sizes.N);

    // Retention, allocation, order; per head cosines and content, and with masks norms; per read head forward and backward, raw and sharp.
    private readonly StepBuffer _steps = new(
        (3 + (sizes.Masked ? 3 : 2) * (sizes.NumberOfReadHeads + 1) + (sizes.Sharpens ? 4 : 2) * sizes.NumberOfReadHeads) * sizes.N);

    // Per head the key's norm and the slope of its strength; per read head the slopes of its two sharpenings.
    private readonly StepBuffer _scalars = new(2 * (sizes.NumberOfReadHeads + 1) + 2 * sizes.NumberOfReadHeads);

    /// <summary>Numbers of a row's slot.</summary>
    public int SlotLength => _slots.Length;

    /// <summary>How far a row's numbers of the next slot are.</summary>
    public nint SlotStride => _slots.Stride;

    /// <summary>Makes room for steps of rows.</summary>
    public void Reserve(int steps, int rows)
    {
        _slots.Reserve(steps + 1, rows);
        _steps.Reserve(steps, rows);
        _scalars.Reserve(steps, rows);
    }

    /// <summary>Makes slot <paramref name="steps"/> slot 0.</summary>
    public void Carry(int steps) => _slots.Carry(steps);

    /// <summary>Slot 0 of a row: [SlotLength].</summary>
    public Span<float> Slot(int row) => _slots.First(row);

    /// <summary>A row's slot; its first part is the read weightings [R, n].</summary>
    public float* Weightings(int slot, int row) => _slots.At(slot, row);

    public float* Write(int slot, int row) => Weightings(slot, row) + sizes.NumberOfReadHeads * sizes.N;

    public float* Usage(int slot, int row) => Write(slot, row) + sizes.N;

    public float* Precedence(int slot, int row) => Write(slot, row) + 2 * sizes.N;

    /// <summary>|M(n)| after a step: [n].</summary>
    public float* Norms(int slot, int row) => Write(slot, row) + 3 * sizes.N;

    public float* Retention(int step, int row) => _steps.At(step, row);

    public float* Allocation(int step, int row) => Retention(step, row) + sizes.N;

    /// <summary>The slots by increasing usage.</summary>
    public int* Order(int step, int row) => (int*)(Retention(step, row) + 2 * sizes.N);

    public float* Cosines(int step, int row, int head) => Retention(step, row) + (3 + 2 * head) * sizes.N;

    public float* Content(int step, int row, int head) => Cosines(step, row, head) + sizes.N;

    /// <summary>L w of the read heads: [R, n].</summary>
    public float* Forward(int step, int row) => Cosines(step, row, sizes.NumberOfReadHeads + 1);

    /// <summary>L^T w of the read heads: [R, n].</summary>
    public float* Backward(int step, int row) => Forward(step, row) + sizes.NumberOfReadHeads * sizes.N;

    /// <summary>What is mixed of the forward weightings: sharpened where there is sharpening.</summary>
    public float* SharpForward(int step, int row) => Forward(step, row) + (sizes.Sharpens ? 2 * sizes.NumberOfReadHeads * sizes.N : 0);

    /// <summary>What is mixed of the backward weightings.</summary>
    public float* SharpBackward(int step, int row) => Backward(step, row) + (sizes.Sharpens ? 2 * sizes.NumberOfReadHeads * sizes.N : 0);

    /// <summary>|M(n) m| with a head's mask.</summary>
    public float* MaskedNorms(int step, int row, int head) => Forward(step, row)
        + ((sizes.Sharpens ? 4 : 2) * sizes.NumberOfReadHeads + head) * sizes.N;

    /// <summary>Key norm and slope of the strength of a head.</summary>
    public float* Scalars(int step, int row, int head) => _scalars.At(step, row) + 2 * head;

    /// <summary>Slopes of a read head's sharpenings.</summary>
    public float* SharpeningSlopes(int step, int row, int head) => Scalars(step, row, sizes.NumberOfReadHeads + 1 + head);
}
