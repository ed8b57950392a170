namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// The external memory of a few rows and what the heads do with it, step by step. Raw head parameters come from the controller; reads go
/// back to it. Slot 0 is the state before the first step, step t leads from slot t to slot t + 1.
/// </summary>
internal abstract unsafe class MemoryCell
{
    /// <summary>Makes room for steps of rows whose head parameters stand at <paramref name="heads"/>: [steps, rows, P].</summary>
    public abstract void Reserve(int steps, int rows, float* heads, bool training);

    /// <summary>Makes room for the largest of the groups of rows that will use it in turn.</summary>
    public virtual void Plan(int steps, int rows, bool training) => Reserve(steps, rows, null, training);

    /// <summary>Puts a row into the state it starts from.</summary>
    public abstract void Start(int row);

    /// <summary>One step of a row: its head parameters are put through their activations in place; reads [R*M] are written.</summary>
    public abstract void Forward(int step, int row, float* reads);

    /// <summary>Makes slot <paramref name="steps"/> slot 0, to go on from there.</summary>
    public abstract void Carry(int steps);

    /// <summary>How many numbers the state of a row has.</summary>
    public abstract int StateLength { get; }

    /// <summary>Copies the first row's state in slot 0: [StateLength].</summary>
    public abstract void Save(Span<float> state);

    /// <summary>Puts the first row into a saved state.</summary>
    public abstract void Load(ReadOnlySpan<float> state);

    /// <summary>
    /// Tells what the first row's heads did in a step that was the only one since slot 0, and was carried there; and the memory after it.
    /// </summary>
    public abstract void Look(TraceSink sink);

    /// <summary>Forgets the derivatives of the last backward pass.</summary>
    public abstract void StartBackward();

    /// <summary>One step of a row, backwards: its head parameters become the derivatives by their raw values.</summary>
    public abstract void Backward(int step, int row, float* byReads);

    /// <summary>After step 0: adds a row's derivatives by what it started from.</summary>
    public abstract void AddStartGradient(int row);

    /// <summary>Memory [M][n] as [N, M].</summary>
    protected static float[] SlotBySlot(float* memory, int slots, int n, int width)
    {
        float[] result = new float[slots * width];
        for (int i = 0; i < result.Length; i++)
            result[i] = memory[i % width * n + i / width];
        return result;
    }
}
