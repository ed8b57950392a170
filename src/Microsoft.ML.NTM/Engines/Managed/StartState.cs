using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>What sequences start from, made of the parameters once per batch, and the parameters' gradient from what the starts receive.</summary>
internal sealed unsafe class StartState<V>
    where V : unmanaged, ILanes<V>
{
    // A constant memory is small, so that every key is about as similar to every slot (arXiv:1807.08518).
    private const float ConstantMemory = 1e-6f;

    private readonly NetworkShape _shape;
    private readonly StartGradient _start;
    private readonly AlignedBuffer _norms = new();

    // Where the parameters stand, per LSTM layer and per head.
    private readonly int[] _hidden;
    private readonly int[] _cells;
    private readonly int[] _logits;
    private readonly int _reads;
    private readonly int _memory;

    public StartState(NetworkShape shape, ParameterLayout layout)
    {
        (_shape, _start) = (shape, new StartGradient(shape));
        _norms.Require(shape.PaddedSlots);
        NetworkSpec spec = shape.Spec;
        int layers = shape.IsLstm ? shape.Layers : 0;
        _hidden = [.. Enumerable.Range(0, layers).Select(layer => layout[$"initial.hidden.{layer}"].Offset)];
        _cells = [.. Enumerable.Range(0, layers).Select(layer => layout[$"initial.cell.{layer}"].Offset)];
        _logits = spec.HasMemory && spec.InitialWeightings == InitialWeightings.Learned
            ? [.. Enumerable.Range(0, shape.Heads).Select(head => head < spec.ReadHeads
                ? layout["initial.read_weights"].Offset + head * spec.MemorySlots
                : layout["initial.write_weights"].Offset + (head - spec.ReadHeads) * spec.MemorySlots)]
            : [];
        _reads = spec.HasMemory ? layout["initial.reads"].Offset : 0;
        _memory = layout.Contains("initial.memory") ? layout["initial.memory"].Offset : 0;
    }

    /// <summary>Takes the start out of the parameters: h_0, r_0 = tanh, c_0, w_0 = softmax or 0, M_0.</summary>
    public void Pack(float* parameters)
    {
        NetworkSpec spec = _shape.Spec;
        _start.Clear();
        for (int layer = 0; layer < _hidden.Length; layer++)
        {
            Copy(parameters + _hidden[layer], _start.State + layer * _shape.Units, _shape.Units);
            Copy(parameters + _cells[layer], Cell(_start, layer), _shape.Units);
        }
        if (!spec.HasMemory)
            return;
        Elementwise<V>.Tanh(parameters + _reads, _start.State + spec.HiddenSize, spec.ReadSize);
        for (int head = 0; head < _logits.Length; head++)
        {
            float* weighting = _start.Weightings + head * _shape.PaddedSlots;
            Copy(parameters + _logits[head], weighting, spec.MemorySlots);
            Weightings<V>.Softmax(weighting, 1f, spec.MemorySlots, weighting);
        }
        for (int m = 0; m < spec.MemoryWidth; m++)
        {
            for (int i = 0; i < spec.MemorySlots; i++)
            {
                _start.Memory[m * _shape.PaddedSlots + i] = spec.InitialMemory == InitialMemory.Constant
                    ? ConstantMemory
                    : parameters[_memory + i * spec.MemoryWidth + m];
            }
        }
        Content<V>.Norms(_start.Memory, spec.MemoryWidth, spec.MemorySlots, _norms.Pointer);
    }

    /// <summary>Puts every row of a sub-batch at the start.</summary>
    public void Place(SubBatch rows, Workspace work)
    {
        for (int row = 0; row < rows.Rows; row++)
        {
            Copy(_start.State, rows.States.Row(0, row), _shape.StateSize);
            for (int layer = 0; layer < work.Cells.Length; layer++)
                Copy(Cell(_start, layer), work.Cells[layer].Row(0, row), _shape.Units);
            if (_shape.Heads == 0)
                continue;
            Copy(_start.Weightings, work.Weightings.Row(0, row), _shape.Heads * _shape.PaddedSlots);
            Copy(_start.Memory, work.Memories.Row(0, row), _shape.MemorySize);
            Copy(_norms.Pointer, work.Norms.Row(0, row), _shape.PaddedSlots);
        }
    }

    /// <summary>Sums what the rows' starts have received, in the rows' order.</summary>
    public void Collect(SubBatch rows, Workspace work)
    {
        StartGradient sums = rows.Start;
        sums.Clear();
        for (int row = 0; row < rows.Rows; row++)
        {
            Elementwise<V>.Add(work.DStates.Row(0, row), sums.State, _shape.StateSize);
            for (int layer = 0; layer < work.DCells.Length; layer++)
                Elementwise<V>.Add(work.DCells[layer].Row(0, row), Cell(sums, layer), _shape.Units);
            if (_shape.Heads == 0)
                continue;
            Elementwise<V>.Add(work.DWeightings.Row(0, row), sums.Weightings, _shape.Heads * _shape.PaddedSlots);
            if (_shape.Spec.InitialMemory == InitialMemory.Learned)
                Elementwise<V>.Add(work.DMemories.Row(0, row), sums.Memory, _shape.MemorySize);
        }
    }

    /// <summary>The start parameters' gradient, from sums over all rows, which it changes.</summary>
    public void Scatter(StartGradient sums, float* gradient)
    {
        NetworkSpec spec = _shape.Spec;
        for (int layer = 0; layer < _hidden.Length; layer++)
        {
            Copy(sums.State + layer * _shape.Units, gradient + _hidden[layer], _shape.Units);
            Copy(Cell(sums, layer), gradient + _cells[layer], _shape.Units);
        }
        if (!spec.HasMemory)
            return;
        float* dReads = sums.State + spec.HiddenSize;
        Elementwise<V>.TanhBackward(_start.State + spec.HiddenSize, dReads, spec.ReadSize);
        Copy(dReads, gradient + _reads, spec.ReadSize);
        for (int head = 0; head < _logits.Length; head++)
        {
            float* weighting = _start.Weightings + head * _shape.PaddedSlots, dWeighting = sums.Weightings + head * _shape.PaddedSlots;
            Weightings<V>.SoftmaxBackward(weighting, 1f, weighting, dWeighting, spec.MemorySlots);
            Copy(dWeighting, gradient + _logits[head], spec.MemorySlots);
        }
        if (spec.InitialMemory != InitialMemory.Learned)
            return;
        float* dMemory = gradient + _memory;
        for (int m = 0; m < spec.MemoryWidth; m++)
        {
            for (int i = 0; i < spec.MemorySlots; i++)
                dMemory[i * spec.MemoryWidth + m] = sums.Memory[m * _shape.PaddedSlots + i];
        }
    }

    private float* Cell(StartGradient start, int layer) => start.Cells + layer * NetworkShape.RowStride(_shape.Units);

    private static void Copy(float* from, float* to, int count) => new Span<float>(from, count).CopyTo(new Span<float>(to, count));
}
