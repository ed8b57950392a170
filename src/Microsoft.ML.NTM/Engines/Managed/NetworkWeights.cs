using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// A network's matrices as the products want them. A step's state stands in one line Z = [reads ; h^1 ; ... ; h^L]; "back" matrices take
/// derivatives of a product's results to those of what went in.
/// </summary>
internal sealed unsafe class NetworkWeights
{
    private readonly List<Placement> _forward = [], _back = [];

    public NetworkWeights(NetworkSpec spec, ParameterLayout layout, int vector)
    {
        bool feedForward = spec.Controller == ControllerKind.FeedForward;
        int size = spec.ControllerSize, reads = spec.ReadSize, own = feedForward ? 0 : size;
        Gates = feedForward ? size : 4 * size;
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
        int above = spec.Kind == NetworkKind.Dnc ? spec.ControllerLayers : 1;
        (InputsAbove, ReadsAbove, ReadsAboveBack) = (new PackedMatrix[above], new PackedMatrix[above], new PackedMatrix[above]);
        for (int layer = 1; layer < above; layer++)
        {
            InputsAbove[layer] = new PackedMatrix(spec.InputSize, Gates, vector);
            ReadsAbove[layer] = new PackedMatrix(reads, Gates, vector);
            ReadsAboveBack[layer] = new PackedMatrix(Gates, reads, vector);
        }
        EmbeddedBack = new PackedMatrix[above];
        for (int layer = 0; layer < above; layer++)
            EmbeddedBack[layer] = new PackedMatrix(Gates, spec.EmbeddedSize, vector);
        int heads = spec.Kind == NetworkKind.Ntm ? spec.HeadsSize : spec.Kind == NetworkKind.Dnc ? spec.InterfaceSize : 0;
        Heads = new PackedMatrix(spec.HiddenSize, heads, vector);
        HeadsBack = new PackedMatrix(heads, spec.HiddenSize, vector);
        Output = new PackedMatrix(reads + spec.HiddenSize, spec.OutputSize, vector);
        OutputBack = new PackedMatrix(spec.OutputSize, reads + spec.HiddenSize, vector);
        PlaceController(spec, layout);
        PlaceHeadsAndOutput(spec, layout);
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

    /// <summary>Takes the matrices of the forward pass out of the flat parameters.</summary>
    public void Load(float* parameters)
    {
        foreach (Placement at in _forward)
            at.Matrix.SetRowsTransposed(parameters + at.Offset, at.Stride, at.From, at.Count);
    }

    /// <summary>Takes the matrices of the backward pass out of the flat parameters.</summary>
    public void LoadBack(float* parameters)
    {
        foreach (Placement at in _back)
            at.Matrix.SetColumns(parameters + at.Offset, at.Stride, at.From, at.Count);
    }

    private void PlaceController(NetworkSpec spec, ParameterLayout layout)
    {
        bool feedForward = spec.Controller == ControllerKind.FeedForward;
        int size = spec.ControllerSize, inputs = spec.InputSize, reads = spec.ReadSize;
        for (int layer = 0; layer < spec.ControllerLayers; layer++)
        {
            int seen = layout[$"controller.{layer}.{(feedForward ? "weight" : "weight_ih")}"].Offset, stride = spec.LayerInputSize(layer);
            if (layer < ReadsAbove.Length)
            {
                _forward.Add(new Placement(layer == 0 ? Inputs : InputsAbove[layer], seen, stride, 0, inputs));
                _back.Add(new Placement(EmbeddedBack[layer], seen, stride, 0, spec.EmbeddedSize));
                Place(layer == 0 ? Recurrent[0] : ReadsAbove[layer], layer == 0 ? RecurrentBack[0] : ReadsAboveBack[layer], seen + inputs, stride, 0, reads);
            }
            if (layer > 0)
                Place(Below[layer], BelowBack[layer], seen + stride - size, stride, 0, size);
            if (!feedForward)
                Place(Recurrent[layer], RecurrentBack[layer], layout[$"controller.{layer}.weight_hh"].Offset, size, layer == 0 ? reads : 0, size);
        }
    }

    private void PlaceHeadsAndOutput(NetworkSpec spec, ParameterLayout layout)
    {
        int hidden = spec.HiddenSize, reads = spec.ReadSize;
        if (spec.HasMemory)
            Place(Heads, HeadsBack, layout[(spec.Kind == NetworkKind.Dnc ? "interface" : "heads") + ".weight"].Offset, hidden, 0, hidden);
        int output = layout["output.weight"].Offset;
        Place(Output, OutputBack, output + hidden, hidden + reads, 0, reads);
        Place(Output, OutputBack, output, hidden + reads, reads, hidden);
    }

    private void Place(PackedMatrix forward, PackedMatrix back, int offset, int stride, int from, int count)
    {
        _forward.Add(new Placement(forward, offset, stride, from, count));
        _back.Add(new Placement(back, offset, stride, from, count));
    }

    // Columns of a matrix among the flat parameters, [outputs, Count] with Stride numbers from one output to the next: the rows From .. of a
    // matrix of the forward pass, the columns From .. of one of the backward pass.
    private readonly record struct Placement(PackedMatrix Matrix, int Offset, int Stride, int From, int Count);
}
