using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// What an NTM's memory, weightings and reads start from, in the kernels' layout, and the derivatives by it, summed over rows.
/// </summary>
internal sealed unsafe class NtmStart
{
    private const float ConstantMemory = 1e-6f;

    private readonly NetworkSpec _spec;
    private readonly ParameterLayout _layout;
    private readonly int _slots;
    private readonly PinnedBuffer _values;
    private readonly PinnedBuffer _gradients;

    public NtmStart(NetworkSpec spec, ParameterLayout layout)
    {
        (_spec, _layout) = (spec, layout);
        _slots = NtmSizes.Padded(spec.MemorySlots);
        MemoryLength = spec.MemoryWidth * _slots;
        WeightingsLength = (spec.NumberOfReadHeads + spec.NumberOfWriteHeads) * _slots;
        _values = new PinnedBuffer(MemoryLength + WeightingsLength + spec.ReadSize);
        _gradients = new PinnedBuffer(MemoryLength + WeightingsLength + spec.ReadSize);
    }

    public int MemoryLength { get; }

    public int WeightingsLength { get; }

    /// <summary>[M, n].</summary>
    public float* Memory => _values.Pointer;

    /// <summary>[R + W, n].</summary>
    public float* Weightings => Memory + MemoryLength;

    /// <summary>[R*M].</summary>
    public float* Reads => Weightings + WeightingsLength;

    public float* ByMemory => _gradients.Pointer;

    public float* ByWeightings => ByMemory + MemoryLength;

    public float* ByReads => ByWeightings + WeightingsLength;

    /// <summary>Works the starting state out of the parameters.</summary>
    [MethodImpl(Jit.Optimized)]
    public void Load(float* parameters)
    {
        LoadMemory(parameters);
        if (_spec.InitialWeightings == InitialWeightings.Learned)
        {
            LoadWeightings(parameters, ParameterNames.InitialReadWeightings, 0, _spec.NumberOfReadHeads);
            LoadWeightings(parameters, ParameterNames.InitialWriteWeightings, _spec.NumberOfReadHeads, _spec.NumberOfWriteHeads);
        }
        float* reads = parameters + _layout[ParameterNames.InitialReads].Offset;
        for (int i = 0; i < _spec.ReadSize; i++)
            Reads[i] = MathF.Tanh(reads[i]);
    }

    public void ClearGradients() => _gradients.Span(0, (int)_gradients.Length).Clear();

    /// <summary>Turns the sums over rows into the derivatives by the parameters.</summary>
    [MethodImpl(Jit.Optimized)]
    public void StoreGradients(float* gradient)
    {
        if (_spec.InitialMemory == InitialMemory.Learned)
        {
            float* memory = gradient + _layout[ParameterNames.InitialMemory].Offset;
            for (int i = 0; i < _spec.MemorySlots; i++)
            {
                for (int m = 0; m < _spec.MemoryWidth; m++)
                    memory[i * _spec.MemoryWidth + m] = ByMemory[m * _slots + i];
            }
        }
        if (_spec.InitialWeightings == InitialWeightings.Learned)
        {
            StoreWeightings(gradient, ParameterNames.InitialReadWeightings, 0, _spec.NumberOfReadHeads);
            StoreWeightings(gradient, ParameterNames.InitialWriteWeightings, _spec.NumberOfReadHeads, _spec.NumberOfWriteHeads);
        }
        float* reads = gradient + _layout[ParameterNames.InitialReads].Offset;
        for (int i = 0; i < _spec.ReadSize; i++)
            reads[i] = ByReads[i] * (1 - Reads[i] * Reads[i]);
    }

    // [N, M] becomes [M, n].
    [MethodImpl(Jit.Optimized)]
    private void LoadMemory(float* parameters)
    {
        float* from = _spec.InitialMemory == InitialMemory.Constant ? null : parameters + _layout[ParameterNames.InitialMemory].Offset;
        for (int i = 0; i < _spec.MemorySlots; i++)
        {
            for (int m = 0; m < _spec.MemoryWidth; m++)
                Memory[m * _slots + i] = from == null ? ConstantMemory : from[i * _spec.MemoryWidth + m];
        }
    }

    [MethodImpl(Jit.Optimized)]
    private void LoadWeightings(float* parameters, string name, int head, int heads)
    {
        float* from = parameters + _layout[name].Offset;
        for (int h = 0; h < heads; h++)
        {
            float* to = Weightings + (head + h) * _slots;
            new ReadOnlySpan<float>(from + h * _spec.MemorySlots, _spec.MemorySlots).CopyTo(new Span<float>(to, _slots));
            Words.Softmax(to, _spec.MemorySlots);
        }
    }

    [MethodImpl(Jit.Optimized)]
    private void StoreWeightings(float* gradient, string name, int head, int heads)
    {
        float* to = gradient + _layout[name].Offset;
        for (int h = 0; h < heads; h++)
        {
            float* by = ByWeightings + (head + h) * _slots;
            Words.SoftmaxBackward(Weightings + (head + h) * _slots, by, _spec.MemorySlots);
            new ReadOnlySpan<float>(by, _spec.MemorySlots).CopyTo(new Span<float>(to + h * _spec.MemorySlots, _spec.MemorySlots));
        }
    }
}
