using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// What the heads of one row do with its memory in one step: all address the memory before the step, read heads read it, then write heads
/// write (arXiv:1410.5401, section 3); and the way back.
/// </summary>
internal sealed unsafe class MemoryStep<V>(NetworkShape shape)
    where V : unmanaged, ILanes<V>
{
    // A key shorter than this has no direction, and its norm no derivative.
    private const float SmallestNorm = 1e-30f;

    private readonly HeadParameters<V> _parameters = new(shape);
    private readonly HeadAddressing<V> _addressing = new(shape);
    private readonly int _heads = shape.Heads;
    private readonly int _readHeads = shape.Spec.ReadHeads;
    private readonly int _writeHeads = shape.Spec.WriteHeads;
    private readonly int _width = shape.Spec.MemoryWidth;
    private readonly int _slots = shape.Spec.MemorySlots;
    private readonly bool _erases = shape.Spec.WriteRule == MemoryWriteRule.EraseAdd;

    /// <summary>Activates the row's head parameters, finds the weightings, reads into the state after the step and writes the memory.</summary>
    public void Forward(SubBatch rows, Workspace work, int step, int row)
    {
        float* heads = rows.Heads.Row(step, row), memory = work.Memories.Row(0, row), norms = work.Norms.Row(step, row);
        for (int head = 0; head < _heads; head++)
            _parameters.Activate(heads + shape.HeadOffset(head), head >= _readHeads, Trace(work, step, row, head));
        Dots(heads, memory, work, step, row);
        for (int head = 0; head < _heads; head++)
        {
            _addressing.Forward(heads + shape.HeadOffset(head), Trace(work, step, row, head), norms,
                Weighting(work, step, row, head), Weighting(work, step + 1, row, head));
        }
        float* reads = rows.States.Row(step + 1, row) + shape.Spec.HiddenSize;
        for (int head = 0; head < _readHeads; head++)
            MemoryReads<V>.Read(memory, _width, _slots, Weighting(work, step + 1, row, head), reads + head * _width);
        Write(heads, memory, work, step, row, memory, work.Norms.Row(step + 1, row));
    }

    /// <summary>The memory after a step from that before it [M, N], and its norms [N]; heads and weightings are those of the forward pass.</summary>
    public void Write(float* heads, float* memory, Workspace work, int step, int row, float* written, float* norms)
    {
        if (_writeHeads == 1)
        {
            float* head = heads + shape.HeadOffset(_readHeads);
            MemoryWrites<V>.Write(memory, _width, _slots, Weighting(work, step + 1, row, _readHeads), Erase(head, work),
                head + shape.AddOffset, written, norms);
            return;
        }
        float** weightings = stackalloc float*[_writeHeads], erase = stackalloc float*[_writeHeads], add = stackalloc float*[_writeHeads];
        Writers(heads, work, step, row, weightings, erase, add);
        JointWrites<V>.Write(memory, _width, _slots, _writeHeads, weightings, erase, add, written, norms);
    }

    /// <summary>
    /// From the derivatives by the step's reads, by the memory after it and by its weightings, to those by the raw head parameters (in place of
    /// the parameters), by the memory before the step and by the last weightings.
    /// </summary>
    /// <param name="rows">The sub-batch.</param>
    /// <param name="work">The worker's tapes.</param>
    /// <param name="step">The step.</param>
    /// <param name="row">The row.</param>
    /// <param name="memory">The memory before the step: [M, N].</param>
    public void Backward(SubBatch rows, Workspace work, int step, int row, float* memory)
    {
        float* heads = rows.Heads.Row(step, row), norms = work.Norms.Row(step, row);
        float* dHeads = work.Scratch.DHeads, dMemory = work.DMemories.Row(0, row);
        WriteBackward(heads, memory, work, step, row, dMemory);
        float* dReads = work.DStates.Row(step + 1, row) + shape.Spec.HiddenSize;
        for (int head = 0; head < _readHeads; head++)
        {
            MemoryReads<V>.ReadBackward(memory, _width, _slots, Weighting(work, step + 1, row, head), dReads + head * _width,
                DWeighting(work, row, head), dMemory);
        }
        new Span<float>(work.Scratch.PerValue, shape.PaddedSlots).Clear();
        float* byKeyNorm = stackalloc float[_heads];
        for (int head = 0; head < _heads; head++)
        {
            byKeyNorm[head] = _addressing.Backward(head, heads + shape.HeadOffset(head), Trace(work, step, row, head), norms,
                Weighting(work, step, row, head), Weighting(work, step + 1, row, head), DWeighting(work, row, head), work.Scratch,
                dHeads + shape.HeadOffset(head));
        }
        DotsBackward(heads, memory, work, dMemory);
        for (int head = 0; head < _heads; head++)
        {
            int offset = shape.HeadOffset(head);
            HeadTrace trace = Trace(work, step, row, head);
            float perKey = trace.KeyNorm > SmallestNorm ? byKeyNorm[head] / trace.KeyNorm : 0f;
            for (int m = 0; m < _width; m++)
                dHeads[offset + m] += perKey * heads[offset + m];
            _parameters.Backward(heads + offset, head >= _readHeads, trace, dHeads + offset);
        }
        new ReadOnlySpan<float>(dHeads, shape.HeadsSize).CopyTo(new Span<float>(heads, shape.HeadsSize));
    }

    private void WriteBackward(float* heads, float* memory, Workspace work, int step, int row, float* dMemory)
    {
        float* dHeads = work.Scratch.DHeads;
        if (_writeHeads == 1)
        {
            int offset = shape.HeadOffset(_readHeads);
            float* head = heads + offset, dHead = dHeads + offset;
            MemoryWrites<V>.WriteBackward(memory, _width, _slots, Weighting(work, step + 1, row, _readHeads), Erase(head, work),
                head + shape.AddOffset, dMemory, DWeighting(work, row, _readHeads), DErase(dHead, work), dHead + shape.AddOffset);
            return;
        }
        float** weightings = stackalloc float*[_writeHeads], erase = stackalloc float*[_writeHeads], add = stackalloc float*[_writeHeads];
        Writers(heads, work, step, row, weightings, erase, add);
        for (int writer = 0; writer < _writeHeads; writer++)
        {
            float* dHead = dHeads + shape.HeadOffset(_readHeads + writer);
            JointWrites<V>.HeadBackward(memory, _width, _slots, _writeHeads, writer, weightings, erase, add, dMemory,
                DWeighting(work, row, _readHeads + writer), DErase(dHead, work), dHead + shape.AddOffset);
        }
        JointWrites<V>.MemoryBackward(_width, _slots, _writeHeads, weightings, erase, dMemory);
    }

    // Two keys share a pass over the memory.
    private void Dots(float* heads, float* memory, Workspace work, int step, int row)
    {
        int head = 0;
        for (; head + 2 <= _heads; head += 2)
        {
            Content<V>.Dots2(memory, _width, _slots, heads + shape.HeadOffset(head), heads + shape.HeadOffset(head + 1),
                Trace(work, step, row, head).Cosines, Trace(work, step, row, head + 1).Cosines);
        }
        if (head < _heads)
            Content<V>.Dots(memory, _width, _slots, heads + shape.HeadOffset(head), Trace(work, step, row, head).Cosines);
    }

    // The first pass over the memory also brings the slots' norms' part.
    private void DotsBackward(float* heads, float* memory, Workspace work, float* dMemory)
    {
        HeadScratch scratch = work.Scratch;
        float* dHeads = scratch.DHeads;
        int head = 0;
        for (; head + 2 <= _heads; head += 2)
        {
            int first = shape.HeadOffset(head), second = shape.HeadOffset(head + 1);
            ContentGradient<V>.Dots2(memory, _width, _slots, heads + first, heads + second, scratch.DDots(head), scratch.DDots(head + 1),
                head == 0 ? scratch.PerValue : scratch.Zeros, dHeads + first, dHeads + second, dMemory);
        }
        if (head < _heads)
        {
            int last = shape.HeadOffset(head);
            ContentGradient<V>.Dots(memory, _width, _slots, heads + last, scratch.DDots(head),
                head == 0 ? scratch.PerValue : null, dHeads + last, dMemory);
        }
    }

    private void Writers(float* heads, Workspace work, int step, int row, float** weightings, float** erase, float** add)
    {
        for (int writer = 0; writer < _writeHeads; writer++)
        {
            float* head = heads + shape.HeadOffset(_readHeads + writer);
            weightings[writer] = Weighting(work, step + 1, row, _readHeads + writer);
            erase[writer] = Erase(head, work);
            add[writer] = head + shape.AddOffset;
        }
    }

    private float* Erase(float* head, Workspace work) => _erases ? head + shape.EraseOffset : work.Scratch.Ones.Pointer;

    // Where nothing is learned about erasing, its derivative goes nowhere.
    private float* DErase(float* dHead, Workspace work) => _erases ? dHead + shape.EraseOffset : work.Scratch.Unused.Pointer;

    private float* Weighting(Workspace work, int step, int row, int head) => work.Weightings.Row(step, row) + head * shape.PaddedSlots;

    private float* DWeighting(Workspace work, int row, int head) => work.DWeightings.Row(0, row) + head * shape.PaddedSlots;

    private HeadTrace Trace(Workspace work, int step, int row, int head) =>
        new(shape, work.Traces.Row(step, row) + head * HeadTrace.Size(shape));
}
