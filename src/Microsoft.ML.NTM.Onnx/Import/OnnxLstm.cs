using Google.Protobuf;
using static Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper;

namespace Microsoft.ML.NTM.Onnx.Import;

/// <summary>
/// A plain recurrent network in an ONNX file: LSTM operators one above another, what only moves numbers about between them, one linear
/// layer, and perhaps a sigmoid or a softmax. Everything else is refused by its name.
/// </summary>
internal sealed class OnnxLstm
{
    private static readonly HashSet<string> s_moves =
        ["Squeeze", "Unsqueeze", "Transpose", "Reshape", "Identity", "Dropout", "Flatten", "Cast"];
    private static readonly HashSet<string> s_choices = ["Gather", "Slice"];
    private static readonly HashSet<string> s_measures = ["Shape"];

    private readonly GraphProto _graph;
    private readonly OnnxTensors _tensors;
    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly ILookup<string, NodeProto> _consumers;

    private OnnxLstm(GraphProto graph)
    {
        _graph = graph;
        if (graph.Node.FirstOrDefault(node => node.Output.Count == 0 || node.Input.Count == 0 && node.OpType != "Constant") is { } empty)
            throw new InvalidDataException($"The ONNX file is damaged: the {empty.OpType} '{empty.Name}' has no inputs or no outputs.");
        _tensors = new OnnxTensors(graph);
        foreach (NodeProto node in graph.Node)
        {
            foreach (string output in node.Output.Where(name => name.Length > 0))
                _producers[output] = node;
        }
        _consumers = graph.Node.SelectMany(node => node.Input.Distinct().Select(input => (input, node)))
            .ToLookup(pair => pair.input, pair => pair.node);
    }

    /// <summary>The layers, lowest first.</summary>
    public List<LstmLayerImport> Layers { get; } = [];

    /// <summary>Whether the layers read both ways.</summary>
    public bool IsBidirectional => Layers[0].Directions.Count == 2;

    /// <summary>The linear layer's weights [outputs, H, or 2H], or null without one: h itself is the answer.</summary>
    public float[]? Weights { get; private set; }

    /// <summary>The linear layer's bias.</summary>
    public float[]? Bias { get; private set; }

    /// <summary>The loss that the network's last operator speaks of.</summary>
    public SequenceLoss Loss { get; private set; } = SequenceLoss.SquaredError;

    /// <summary>Whether only one step's answer leaves the graph.</summary>
    public bool AnswersOnce { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">Not an ONNX file, or a damaged one.</exception>
    /// <exception cref="NotSupportedException">The graph is not a plain LSTM; the message names what is in the way.</exception>
    public static OnnxLstm Read(Stream stream)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new InvalidDataException($"Not an ONNX file, or a damaged one: {fault.Message}", fault);
        }
        if (model.Graph is null)
            throw new InvalidDataException("The ONNX file has no graph.");
        var read = new OnnxLstm(model.Graph);
        read.ReadLayers();
        return read;
    }

    private void ReadLayers()
    {
        NodeProto[] nodes = [.. _graph.Node.Where(node => node.OpType == "LSTM")];
        if (nodes.Length == 0)
        {
            string others = string.Join(", ", _graph.Node.Select(node => node.OpType).Distinct().Take(12));
            throw new NotSupportedException($"The graph has no LSTM operator; it has {others}.");
        }
        foreach (NodeProto node in nodes)
        {
            NodeProto? below = Source(node);
            NodeProto? expected = Layers.Count == 0 ? null : nodes[Layers.Count - 1];
            if (below != expected)
                throw new NotSupportedException($"The LSTM '{node.Name}' must read {Described(expected)}; it reads {Described(below)}.");
            LstmLayerImport layer = LstmDirectionImport.Read(node, _tensors, _producers);
            if (Layers.Count > 0 && (layer.Size != Layers[0].Size || layer.InputSize != Layers[0].OutputSize))
            {
                throw new NotSupportedException($"All LSTM layers must have {Layers[0].Size} units and read the {Layers[0].OutputSize} "
                    + $"outputs of the one below; '{node.Name}' has {layer.Size} and reads {layer.InputSize}.");
            }
            if (Layers.Count > 0 && layer.Directions.Count != Layers[0].Directions.Count)
            {
                throw new NotSupportedException(
                    $"All LSTM layers must read in as many directions; '{node.Name}' reads in {layer.Directions.Count}.");
            }
            Layers.Add(layer);
        }
        ReadHead(nodes[^1]);
    }

    // The LSTM that a node's values come from, null for an input of the graph.
    private NodeProto? Source(NodeProto node)
    {
        string name = node.Input[0];
        for (int steps = 0; _producers.TryGetValue(name, out NodeProto? producer); steps++)
        {
            CheckNoCircle(steps);
            if (producer.OpType == "LSTM")
                return producer.Output[0] == name ? producer
                    : throw new NotSupportedException($"The LSTM '{node.Name}' must read another's output of every step.");
            Require(s_moves.Contains(producer.OpType), producer);
            name = producer.Input[0];
        }
        return null;
    }

    // From the last LSTM's output to the graph's.
    private void ReadHead(NodeProto last)
    {
        string[] used = [.. last.Output.Take(2).Where(name => name.Length > 0
            && _consumers[name].Any(node => !s_measures.Contains(node.OpType)))];
        if (used.Length == 0)
            used = [.. last.Output.Take(2).Where(name => name.Length > 0 && _graph.Output.Any(output => output.Name == name)).Take(1)];
        if (used.Length != 1)
        {
            throw new NotSupportedException(
                $"Of the LSTM '{last.Name}', either every step's output or the last step's must be used, and nothing else.");
        }
        string at = used[0];
        AnswersOnce = last.Output.Count > 1 && at == last.Output[1];
        bool everyStep = !AnswersOnce;
        for (int steps = 0; _consumers[at].Where(node => !s_measures.Contains(node.OpType)).ToArray() is { Length: > 0 } next; steps++)
        {
            CheckNoCircle(steps);
            if (next.Length > 1)
            {
                throw new NotSupportedException(
                    $"The network must be one chain; '{at}' is used by {string.Join(", ", next.Select(node => node.OpType))}.");
            }
            ReadNode(next[0], at);
            at = next[0].Output[0];
        }
        // One step's output holds a reverse direction that began there, or has not ended.
        if (IsBidirectional && everyStep && AnswersOnce)
        {
            throw new NotSupportedException("A bidirectional LSTM that answers once must do so by what both directions end with "
                + $"(the LSTM's second output); the graph takes one step of '{last.Name}'.");
        }
    }

    private void ReadNode(NodeProto node, string from)
    {
        AnswersOnce |= s_choices.Contains(node.OpType);
        switch (node.OpType)
        {
            case "MatMul" when Weights is null && node.Input[0] == from && _tensors.Contains(node.Input[1]):
                SetWeights(node.Input[1], inputsFirst: true);
                break;
            case "Gemm" when Weights is null && node.Input[0] == from && _tensors.Contains(node.Input[1])
                && Number(node, "alpha") is null or 1f && Number(node, "beta") is null or 1f && Whole(node, "transA") == 0:
                SetWeights(node.Input[1], inputsFirst: Whole(node, "transB") == 0);
                if (node.Input.Count > 2 && node.Input[2].Length > 0)
                    SetBias(node, node.Input[2]);
                break;
            case "Add" when Weights is not null && Bias is null:
                SetBias(node, node.Input[0] == from ? node.Input[1] : node.Input[0]);
                break;
            case "Sigmoid":
                Loss = SequenceLoss.BinaryCrossEntropy;
                break;
            case "Softmax" or "LogSoftmax":
                Loss = SequenceLoss.CrossEntropy;
                break;
            default:
                Require(s_moves.Contains(node.OpType) || s_choices.Contains(node.OpType), node);
                break;
        }
    }

    private void SetWeights(string name, bool inputsFirst)
    {
        long[] shape = _tensors.Shape(name);
        int size = Layers[^1].OutputSize;
        if (shape.Length != 2 || shape[inputsFirst ? 0 : 1] != size)
        {
            throw new NotSupportedException(
                $"The linear layer's weights '{name}' must be for {size} inputs; they are [{string.Join(", ", shape)}].");
        }
        float[] values = _tensors.Floats(name);
        Weights = inputsFirst ? Networks.ParameterTables.Transposed(values, (int)shape[1], ..) : values;
    }

    private void SetBias(NodeProto node, string name)
    {
        Require(_tensors.Contains(name), node);
        Bias = _tensors.Floats(name);
    }

    private void CheckNoCircle(int steps)
    {
        if (steps > _graph.Node.Count)
            throw new InvalidDataException("The ONNX file is damaged: its graph goes in a circle.");
    }

    private static string Described(NodeProto? lstm) => lstm is null ? "an input of the graph" : $"the LSTM '{lstm.Name}'";

    private static float? Number(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.F;

    private static long Whole(NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.I ?? 0;

    private static void Require(bool holds, NodeProto node)
    {
        if (!holds)
        {
            throw new NotSupportedException(
                $"The graph is not a plain LSTM with a linear layer: the {node.OpType} '{node.Name}' has no place in one.");
        }
    }
}
