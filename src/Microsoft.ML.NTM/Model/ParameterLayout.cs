using Microsoft.ML.NTM.Model;
namespace Microsoft.ML.NTM;

/// <summary>Which parameters a network has, in which order and shape.</summary>
public sealed class ParameterLayout
{
    private readonly List<ParameterSlice> _slices = [];
    private readonly Dictionary<string, ParameterSlice> _byName = [];

    /// <summary>The layout that <paramref name="spec"/> asks for.</summary>
    public ParameterLayout(NetworkSpec spec)
    {
        if (spec.EmbeddingSize > 0)
            Add(ParameterNames.Embedding, [spec.VocabularySize, spec.EmbeddingSize]);
        AddController(spec);
        if (spec.Kind == NetworkKind.Ntm)
            AddAffine(ParameterNames.HeadWeights, ParameterNames.HeadBias, spec.HeadsSize, spec.HiddenSize);
        if (spec.Kind == NetworkKind.Dnc)
            AddAffine(ParameterNames.InterfaceWeights, ParameterNames.InterfaceBias, spec.InterfaceSize, spec.HiddenSize);
        AddAffine(ParameterNames.OutputWeights, ParameterNames.OutputBias, spec.OutputSize, spec.HiddenSize + spec.ReadSize);
        AddInitialState(spec);
    }

    /// <summary>The parameters in the order of the flat array.</summary>
    public IReadOnlyList<ParameterSlice> Slices => _slices;

    /// <summary>How many numbers all parameters hold together.</summary>
    public int Length { get; private set; }

    /// <summary>The parameter called <paramref name="name"/>.</summary>
    /// <exception cref="KeyNotFoundException">The network has no such parameter.</exception>
    public ParameterSlice this[string name] => _byName.TryGetValue(name, out ParameterSlice? slice)
        ? slice
        : throw new KeyNotFoundException($"The network has no parameter '{name}'; it has {string.Join(", ", _byName.Keys)}.");

    /// <summary>Whether the network has a parameter called <paramref name="name"/>.</summary>
    public bool Contains(string name) => _byName.ContainsKey(name);

    // Gates i, f, g, o stand under one another in the 4H rows of an LSTM layer's matrices.
    private void AddController(NetworkSpec spec)
    {
        int size = spec.ControllerSize;
        if (spec.Controller == ControllerKind.FeedForward)
        {
            AddAffine(ParameterNames.FeedForwardWeights, ParameterNames.ControllerBias(0), size, spec.ControllerInputSize);
            return;
        }
        for (int directed = 0; directed < spec.DirectedLayers; directed++)
        {
            (int layer, bool reverse) = (spec.LayerOf(directed), spec.IsReverse(directed));
            Add(ParameterNames.InputWeights(layer, reverse), [4 * size, spec.LayerInputSize(layer)]);
            Add(ParameterNames.RecurrentWeights(layer, reverse), [4 * size, size]);
            Add(ParameterNames.ControllerBias(layer, reverse), [4 * size]);
        }
    }

    // A DNC starts from zeros (Nature 538:471, Methods); NTM and LSTM learn where they start.
    private void AddInitialState(NetworkSpec spec)
    {
        if (spec.Kind == NetworkKind.Dnc)
            return;
        if (spec.Kind == NetworkKind.Ntm)
        {
            if (spec.InitialMemory != InitialMemory.Constant)
            {
                bool learned = spec.InitialMemory == InitialMemory.Learned;
                Add(ParameterNames.InitialMemory, [spec.MemorySlots, spec.MemoryWidth], learned);
            }
            Add(ParameterNames.InitialReads, [spec.NumberOfReadHeads, spec.MemoryWidth]);
            if (spec.InitialWeightings == InitialWeightings.Learned)
            {
                Add(ParameterNames.InitialReadWeightings, [spec.NumberOfReadHeads, spec.MemorySlots]);
                Add(ParameterNames.InitialWriteWeightings, [spec.NumberOfWriteHeads, spec.MemorySlots]);
            }
        }
        if (spec.Controller == ControllerKind.FeedForward)
            return;
        for (int directed = 0; directed < spec.DirectedLayers; directed++)
        {
            (int layer, bool reverse) = (spec.LayerOf(directed), spec.IsReverse(directed));
            Add(ParameterNames.InitialHidden(layer, reverse), [spec.ControllerSize]);
            Add(ParameterNames.InitialCell(layer, reverse), [spec.ControllerSize]);
        }
    }

    private void AddAffine(string weights, string bias, int outputs, int inputs)
    {
        Add(weights, [outputs, inputs]);
        Add(bias, [outputs]);
    }

    private void Add(string name, int[] shape, bool trainable = true)
    {
        var slice = new ParameterSlice(name, shape, Length, trainable);
        _slices.Add(slice);
        _byName.Add(name, slice);
        Length = checked(Length + slice.Length);
    }
}
