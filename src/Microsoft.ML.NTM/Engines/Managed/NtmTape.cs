namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// What is kept of an NTM's steps: slots of weightings (0 before the first step, t + 1 after step t) and, per step, what the backward pass
/// asks for again. The memory is not here: it is kept every few steps only.
/// </summary>
internal sealed unsafe class NtmTape(NtmSizes sizes)
{
    // The key's norm, and the slopes of strength and sharpening.
    private const int ScalarsPerHead = 3;

    // The final weightings of all heads.
    private readonly StepBuffer _slots = new(sizes.WeightingsLength);

    // The memory's norms; per head cosines and content.
    private readonly StepBuffer _steps = new((2 * sizes.Heads + 1) * sizes.N);

    private readonly StepBuffer _scalars = new(sizes.Heads * ScalarsPerHead);

    /// <summary>Numbers of a row's slot.</summary>
    public int SlotLength => _slots.Length;

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

    /// <summary>The final weightings of all heads: [R + W, n].</summary>
    public float* Weightings(int slot, int row) => _slots.At(slot, row);

    public float* Weighting(int slot, int row, int head) => Weightings(slot, row) + head * sizes.N;

    /// <summary>|M(i)| before a step: [n].</summary>
    public float* Norms(int step, int row) => _steps.At(step, row);

    public float* Cosines(int step, int row, int head) => Norms(step, row) + (1 + 2 * head) * sizes.N;

    public float* Content(int step, int row, int head) => Cosines(step, row, head) + sizes.N;

    /// <summary>A head's key norm and the slopes of its strength and its sharpening.</summary>
    public float* Scalars(int step, int row, int head) => _scalars.At(step, row) + head * ScalarsPerHead;
}
