using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// A network's matrices as the products want them; a layer that reads both ways counts as two, its reverse behind its forward one. A
/// step's state stands in one line Z = [reads ; h^1 ; ... ; h^L]; "back" matrices take derivatives of a product's results to those of what
/// went in.
/// </summary>
internal sealed unsafe class NetworkWeights
{
    // Numbers that are copied at once: enough to be worth a thread's while.
    private const int PieceLength = 16 * 1024;

    // Weights of a layer beyond which they leave the second-level cache at each step.
    private const int WideWeights = 128 * 1024;

    private readonly List<Placement> _forward = [], _back = [];
    private readonly int _size;

    public NetworkWeights(NetworkSpec spec, ParameterLayout layout, int panelWidth)
    {
        bool feedForward = spec.Controller == ControllerKind.FeedForward;
        int size = spec.ControllerSize, reads = spec.ReadSize, own = feedForward ? 0 : size;
        Gates = feedForward ? size : 4 * size;
        UnitBlocks = spec.Kind == NetworkKind.Lstm && !spec.Bidirectional && IsWide(spec) ? (size + panelWidth - 1) / panelWidth : 0;
        _size = size;
        int gates = UnitBlocks > 0 ? 4 * UnitBlocks * panelWidth : Gates;
        Inputs = new PackedMatrix(spec.InputSize, gates, panelWidth);
        int layers = spec.DirectedLayers;
        (Recurrent, RecurrentBack) = (new PackedMatrix[layers], new PackedMatrix[layers]);
        (Below, BelowBack) = (new PackedMatrix[layers], new PackedMatrix[layers]);
        for (int layer = 0; layer < layers; layer++)
        {
            int seen = layer == 0 ? reads + own : own, below = spec.LayerOf(layer) == 0 ? 0 : size * spec.Directions;
            Recurrent[layer] = new PackedMatrix(seen, gates, panelWidth);
            RecurrentBack[layer] = new PackedMatrix(Gates, seen, panelWidth);
            Below[layer] = new PackedMatrix(below, gates, panelWidth);
            BelowBack[layer] = new PackedMatrix(Gates, below, panelWidth);
        }
        int above = spec.Kind == NetworkKind.Dnc ? layers : spec.Directions;
        (InputsAbove, ReadsAbove, ReadsAboveBack) = (new PackedMatrix[above], new PackedMatrix[above], new PackedMatrix[above]);
        for (int layer = 1; layer < above; layer++)
        {
            InputsAbove[layer] = new PackedMatrix(spec.InputSize, Gates, panelWidth);
            ReadsAbove[layer] = new PackedMatrix(reads, Gates, panelWidth);
            ReadsAboveBack[layer] = new PackedMatrix(Gates, reads, panelWidth);
        }
        EmbeddedBack = new PackedMatrix[above];
        for (int layer = 0; layer < above; layer++)
            EmbeddedBack[layer] = new PackedMatrix(Gates, spec.EmbeddedSize, panelWidth);
        int heads = spec.Kind == NetworkKind.Ntm ? spec.HeadsSize : spec.Kind == NetworkKind.Dnc ? spec.InterfaceSize : 0;
        Heads = new PackedMatrix(spec.HiddenSize, heads, panelWidth);
        HeadsBack = new PackedMatrix(heads, spec.HiddenSize, panelWidth);
        Output = new PackedMatrix(reads + spec.HiddenSize, spec.OutputSize, panelWidth);
        OutputBack = new PackedMatrix(spec.OutputSize, reads + spec.HiddenSize, panelWidth);
        PlaceController(spec, layout);
        PlaceHeadsAndOutput(spec, layout);
    }

    /// <summary>Raw numbers of a controller layer: 4H, or H of a feed-forward one.</summary>
    public int Gates { get; }

    /// <summary>
    /// How many blocks of a panel's width a layer's units are taken in; 0: all at once. Where there are blocks, each gate's columns of
    /// <see cref="Inputs"/>, <see cref="Recurrent"/> and <see cref="Below"/> fill so many panels, and the last may be part empty.
    /// </summary>
    public int UnitBlocks { get; }

    /// <summary>x to the first layer.</summary>
    public PackedMatrix Inputs { get; }

    /// <summary>A layer that sees the inputs to those of them that an embedding makes.</summary>
    public PackedMatrix[] EmbeddedBack { get; }

    /// <summary>The state before a step to a layer: [reads ; h^1] to the first, h^l to the others.</summary>
    public PackedMatrix[] Recurrent { get; }

    public PackedMatrix[] RecurrentBack { get; }

    /// <summary>h^(l-1) to layer l; of both directions to each where there are two.</summary>
    public PackedMatrix[] Below { get; }

    public PackedMatrix[] BelowBack { get; }

    /// <summary>x to layers above the first, where they see it (DNC, or the first layer's reverse): from index 1.</summary>
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

    /// <summary>Whether a network's layers are so large that reading their weights is much of the work.</summary>
    public static bool IsWide(NetworkSpec spec) => OfLayers(spec) > WideWeights;

    /// <summary>About how many weights the layers have.</summary>
    public static long OfLayers(NetworkSpec spec) =>
        (spec.Controller == ControllerKind.FeedForward ? 1L : 4L) * spec.ControllerSize * (spec.ReadSize + spec.HiddenSize);

    /// <summary>Pieces that the matrices of the forward pass are taken out of the parameters in, independent of one another.</summary>
    public int Pieces => _forward.Count;

    /// <summary>Pieces of the matrices of the backward pass.</summary>
    public int BackPieces => _back.Count;

    /// <summary>Takes a piece of the matrices of the forward pass out of the flat parameters.</summary>
    public void Load(float* parameters, int piece)
    {
        Placement at = _forward[piece];
        at.Matrix.SetRowsTransposed(parameters + at.Offset, at.Stride, at.From, at.Count, at.Output, at.Outputs);
    }

    /// <summary>Takes a piece of the matrices of the backward pass out of the flat parameters.</summary>
    public void LoadBack(float* parameters, int piece)
    {
        Placement at = _back[piece];
        at.Matrix.SetColumns(parameters + at.Offset, at.Stride, at.From, at.Count, at.Output, at.Outputs);
    }

    private void PlaceController(NetworkSpec spec, ParameterLayout layout)
    {
        bool feedForward = spec.Controller == ControllerKind.FeedForward;
        int size = spec.ControllerSize, inputs = spec.InputSize, reads = spec.ReadSize;
        for (int layer = 0; layer < spec.DirectedLayers; layer++)
        {
            (int at, bool reverse) = (spec.LayerOf(layer), spec.IsReverse(layer));
            int seen = layout[feedForward ? ParameterNames.FeedForwardWeights : ParameterNames.InputWeights(at, reverse)].Offset;
            int stride = spec.LayerInputSize(at), below = Below[layer].Rows;
            if (layer < ReadsAbove.Length)
            {
                AddForward(new Placement(layer == 0 ? Inputs : InputsAbove[layer], seen, stride, 0, inputs), Gates);
                AddPieces(_back, new Placement(EmbeddedBack[layer], seen, stride, 0, spec.EmbeddedSize), Gates);
                Place(layer == 0 ? Recurrent[0] : ReadsAbove[layer], layer == 0 ? RecurrentBack[0] : ReadsAboveBack[layer], seen + inputs,
                    stride, 0, reads);
            }
            if (at > 0)
                Place(Below[layer], BelowBack[layer], seen + stride - below, stride, 0, below);
            if (!feedForward)
            {
                int own = layout[ParameterNames.RecurrentWeights(at, reverse)].Offset;
                Place(Recurrent[layer], RecurrentBack[layer], own, size, layer == 0 ? reads : 0, size);
            }
        }
    }

    private void PlaceHeadsAndOutput(NetworkSpec spec, ParameterLayout layout)
    {
        int hidden = spec.HiddenSize, reads = spec.ReadSize;
        if (spec.HasMemory)
            Place(Heads, HeadsBack,
                layout[spec.Kind == NetworkKind.Dnc ? ParameterNames.InterfaceWeights : ParameterNames.HeadWeights].Offset, hidden, 0,
                    hidden);
        int output = layout[ParameterNames.OutputWeights].Offset;
        Place(Output, OutputBack, output + hidden, hidden + reads, 0, reads);
        Place(Output, OutputBack, output, hidden + reads, reads, hidden);
    }

    private void Place(PackedMatrix forward, PackedMatrix back, int offset, int stride, int from, int count)
    {
        AddForward(new Placement(forward, offset, stride, from, count), back.Rows);
        AddPieces(_back, new Placement(back, offset, stride, from, count), back.Rows);
    }

    // Gates whose columns are taken block by block begin with a panel each.
    private void AddForward(Placement whole, int outputs)
    {
        if (whole.Matrix.Columns == outputs)
        {
            AddPieces(_forward, whole, outputs);
            return;
        }
        int columns = UnitBlocks * whole.Matrix.PanelWidth;
        for (int gate = 0; gate < 4; gate++)
        {
            int offset = whole.Offset - gate * (columns - _size) * whole.Stride;
            AddPieces(_forward, whole with { Offset = offset, Output = gate * columns }, _size);
        }
    }

    private static void AddPieces(List<Placement> pieces, Placement whole, int outputs)
    {
        if (whole.Count == 0)
            return;
        int most = Math.Max(whole.Matrix.PanelWidth, PieceLength / whole.Count / whole.Matrix.PanelWidth * whole.Matrix.PanelWidth);
        for (int output = 0; output < outputs; output += most)
            pieces.Add(whole with { Output = whole.Output + output, Outputs = Math.Min(most, outputs - output) });
    }

    // Columns of a matrix among the flat parameters, [outputs, Count] with Stride numbers from one output to the next: the rows From .. of
    // a matrix of the forward pass, the columns From .. of one of the backward pass. A piece is some of the outputs,
    // which are also columns (or rows) of the matrix.
    private sealed record Placement(PackedMatrix Matrix, int Offset, int Stride, int From, int Count, int Output = 0,
        int Outputs = 0);
}
