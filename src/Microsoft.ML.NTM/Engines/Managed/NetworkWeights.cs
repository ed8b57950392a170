using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// A network's matrices as the products want them. A step's state stands in one line Z = [reads ; h^1 ; ... ; h^L]; "back" matrices take
/// derivatives of a product's results to those of what went in.
/// </summary>
internal sealed unsafe class NetworkWeights
{
    private readonly NetworkSpec _spec;
    private readonly int[] _seenOffsets, _ownOffsets;
    private readonly int _headsOffset, _outputOffset;
    private readonly bool _feedForward;
    private readonly int _above;

    public NetworkWeights(NetworkSpec spec, ParameterLayout layout, int vector)
    {
        _spec = spec;
        _feedForward = spec.Controller == ControllerKind.FeedForward;
        int size = spec.ControllerSize, reads = spec.ReadSize, own = _feedForward ? 0 : size;
        Gates = _feedForward ? size : 4 * size;
        Inputs = new PackedMatrix(spec.InputSize, Gates, vector);
        (Recurrent, RecurrentBack) = (new PackedMatrix[spec.ControllerLayers], new PackedMatrix[spec.ControllerLayers]);
        (Below, BelowBack) = (new PackedMatrix[spec.ControllerLayers], new PackedMatrix[spec.ControllerLayers]);
        for (int layer = 0; layer < spec.ControllerLayers; layer++)
        {
            int seen = layer == 0 ? reads + own : own;
            Recurrent[layer] = new PackedMatrix(seen, Gates, vector);
            RecurrentBack[layer] = new PackedMatrix(Gates, seen, vector);
            Below[layer] = new PackedMatrix(layer == 0 ? 0 : size, Gates, vector);
            BelowBack[layer] = new PackedMatrix(Gates, layer == 0 ? 0 : size, vector);
        }
        _above = spec.Kind == NetworkKind.Dnc ? spec.ControllerLayers : 1;
        (InputsAbove, ReadsAbove, ReadsAboveBack) = (new PackedMatrix[_above], new PackedMatrix[_above], new PackedMatrix[_above]);
        for (int layer = 1; layer < _above; layer++)
        {
            InputsAbove[layer] = new PackedMatrix(spec.InputSize, Gates, vector);
            ReadsAbove[layer] = new PackedMatrix(reads, Gates, vector);
            ReadsAboveBack[layer] = new PackedMatrix(Gates, reads, vector);
        }
        EmbeddedBack = new PackedMatrix[_above];
        for (int layer = 0; layer < _above; layer++)
            EmbeddedBack[layer] = new PackedMatrix(Gates, spec.EmbeddedSize, vector);
        (_seenOffsets, _ownOffsets) = (new int[spec.ControllerLayers], new int[spec.ControllerLayers]);
        for (int layer = 0; layer < spec.ControllerLayers; layer++)
        {
            _seenOffsets[layer] = layout[$"controller.{layer}.{(_feedForward ? "weight" : "weight_ih")}"].Offset;
            _ownOffsets[layer] = _feedForward ? 0 : layout[$"controller.{layer}.weight_hh"].Offset;
        }
        _headsOffset = spec.HasMemory ? layout[(spec.Kind == NetworkKind.Dnc ? "interface" : "heads") + ".weight"].Offset : 0;
        _outputOffset = layout["output.weight"].Offset;
        int heads = spec.Kind == NetworkKind.Ntm ? spec.HeadsSize : spec.Kind == NetworkKind.Dnc ? spec.InterfaceSize : 0;
        Heads = new PackedMatrix(spec.HiddenSize, heads, vector);
        HeadsBack = new PackedMatrix(heads, spec.HiddenSize, vector);
        Output = new PackedMatrix(reads + spec.HiddenSize, spec.OutputSize, vector);
        OutputBack = new PackedMatrix(spec.OutputSize, reads + spec.HiddenSize, vector);
    }

    /// <summary>Raw numbers of a controller layer: 4H, or H of a feed-forward one.</summary>
    public int Gates { get; }

    /// <summary>x to the first layer.</summary>
    public PackedMatrix Inputs { get; }

    /// <summary>A layer that sees the inputs to those of them that an embedding makes.</summary>
    public PackedMatrix[] EmbeddedBack { get; }

    /// <summary>The state before a step to a layer: [reads ; h^1] to the first, h^l to the others.</summary>
    public PackedMatrix[] Recurrent { get; }

    public PackedMatrix[] RecurrentBack { get; }

    /// <summary>h^(l-1) to layer l.</summary>
    public PackedMatrix[] Below { get; }

    public PackedMatrix[] BelowBack { get; }

    /// <summary>x to layers above the first, where they see it (DNC): from index 1.</summary>
    public PackedMatrix[] InputsAbove { get; }

    /// <summary>The reads of the step before to layers above the first, where they see them.</summary>
    public PackedMatrix[] ReadsAbove { get; }

    public PackedMatrix[] ReadsAboveBack { get; }

    /// <summary>h to the heads' raw parameters.</summary>
    public PackedMatrix Heads { get; }

    public PackedMatrix HeadsBack { get; }

    /// <summary>Z to the outputs.</summary>
    public PackedMatrix Output { get; }

    public PackedMatrix OutputBack { get; }

    /// <summary>Takes the matrices out of the flat parameters.</summary>
    public void Load(float* parameters, bool training)
    {
        int size = _spec.ControllerSize, inputs = _spec.InputSize, reads = _spec.ReadSize, hidden = _spec.HiddenSize;
        float* first = parameters + _seenOffsets[0];
        int firstStride = _spec.ControllerInputSize;
        Inputs.SetRowsTransposed(first, firstStride, 0, inputs);
        Recurrent[0].SetRowsTransposed(first + inputs, firstStride, 0, reads);
        if (training)
        {
            RecurrentBack[0].SetColumns(first + inputs, firstStride, 0, reads);
            EmbeddedBack[0].SetColumns(first, firstStride, 0, _spec.EmbeddedSize);
        }
        for (int layer = 0; layer < _spec.ControllerLayers && !_feedForward; layer++)
        {
            float* own = parameters + _ownOffsets[layer];
            int at = layer == 0 ? reads : 0;
            Recurrent[layer].SetRowsTransposed(own, size, at, size);
            if (training)
                RecurrentBack[layer].SetColumns(own, size, at, size);
            if (layer == 0)
                continue;
            float* seen = parameters + _seenOffsets[layer];
            int stride = _spec.LayerInputSize(layer);
            if (layer < _above)
            {
                InputsAbove[layer].SetRowsTransposed(seen, stride, 0, inputs);
                ReadsAbove[layer].SetRowsTransposed(seen + inputs, stride, 0, reads);
                if (training)
                {
                    ReadsAboveBack[layer].SetColumns(seen + inputs, stride, 0, reads);
                    EmbeddedBack[layer].SetColumns(seen, stride, 0, _spec.EmbeddedSize);
                }
            }
            float* below = seen + stride - size;
            Below[layer].SetRowsTransposed(below, stride, 0, size);
            if (training)
                BelowBack[layer].SetColumns(below, stride, 0, size);
        }
        if (Heads.Columns > 0)
        {
            float* heads = parameters + _headsOffset;
            Heads.SetRowsTransposed(heads, hidden, 0, hidden);
            if (training)
                HeadsBack.SetColumns(heads, hidden, 0, hidden);
        }
        float* output = parameters + _outputOffset;
        Output.SetRowsTransposed(output + hidden, hidden + reads, 0, reads);
        Output.SetRowsTransposed(output, hidden + reads, reads, hidden);
        if (!training)
            return;
        OutputBack.SetColumns(output + hidden, hidden + reads, 0, reads);
        OutputBack.SetColumns(output, hidden + reads, reads, hidden);
    }
}
