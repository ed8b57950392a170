using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Onnx.Import;

namespace Microsoft.ML.NTM;

public static partial class SequenceOnnxCatalog
{
    /// <summary>
    /// A transformer of an LSTM network that was trained elsewhere and saved as ONNX: one or more layers of ONNX's LSTM operator,
    /// forward or bidirectional, all of one size, then at most one linear layer (MatMul and Add, or Gemm) and a sigmoid or softmax.
    /// Initial states are constant or left out (zeros).
    /// </summary>
    /// <param name="catalog">The catalog, <c>ml.Sequence</c>.</param>
    /// <param name="path">The file.</param>
    /// <param name="oneLabelPerSequence">
    /// Whether the answer after a sequence's last step is the answer to the sequence; null: where the graph gives only one step's answer
    /// away.
    /// </param>
    /// <param name="loss">
    /// What the outputs are; <see cref="SequenceLoss.Auto"/>: by the graph's last operator, a sigmoid, a softmax over all outputs, or
    /// values.
    /// </param>
    /// <param name="featureColumnName">The feature column: T x D numbers.</param>
    /// <param name="labelColumnName">The label's name; scoring does not read it.</param>
    /// <exception cref="NotSupportedException">The graph does something else as well; the message names the operator.</exception>
    /// <exception cref="InvalidDataException">Not an ONNX file, or a damaged one.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SequenceTransformer ImportOnnxLstm(this SequenceCatalog catalog, string path, bool? oneLabelPerSequence = null,
        SequenceLoss loss = SequenceLoss.Auto, string featureColumnName = "Features", string labelColumnName = "Label")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        OnnxLstm lstm = OnnxLstm.Read(file);
        int size = lstm.Layers[0].Size, given = lstm.Layers[0].OutputSize;
        int outputs = lstm.Weights is null ? given : lstm.Weights.Length / given;
        if (lstm.IsBidirectional && oneLabelPerSequence is { } once && once != lstm.AnswersOnce)
        {
            throw new NotSupportedException($"The graph of a bidirectional LSTM says itself whether it answers once; it {(lstm.AnswersOnce
                ? "does" : "answers every step")}, and oneLabelPerSequence is {once}.");
        }
        var network = new NetworkSpec
        {
            Kind = NetworkKind.Lstm,
            InputSize = lstm.Layers[0].InputSize,
            OutputSize = outputs,
            ControllerSize = size,
            ControllerLayers = lstm.Layers.Count,
            Bidirectional = lstm.IsBidirectional,
        };
        var sequence = new SequenceSpec
        {
            FeatureSize = network.InputSize,
            Loss = loss == SequenceLoss.Auto ? lstm.Loss : loss,
            OneLabelPerSequence = oneLabelPerSequence ?? lstm.AnswersOnce,
        };
        network.ThrowIfFaulty();
        sequence.ThrowIfFaulty(network);
        return catalog.Create(network, sequence, featureColumnName, labelColumnName, featuresAreKeys: false, () =>
            Parameters(lstm, network));
    }

    private static ParameterSet Parameters(OnnxLstm lstm, NetworkSpec network)
    {
        var parameters = new ParameterSet(network);
        for (int i = 0; i < lstm.Layers.Count; i++)
        {
            for (int direction = 0; direction < network.Directions; direction++)
            {
                LstmDirectionImport read = lstm.Layers[i].Directions[direction];
                bool reverse = direction == 1;
                read.InputWeights.CopyTo(parameters.Slice(ParameterNames.InputWeights(i, reverse)));
                read.RecurrentWeights.CopyTo(parameters.Slice(ParameterNames.RecurrentWeights(i, reverse)));
                read.Bias.CopyTo(parameters.Slice(ParameterNames.ControllerBias(i, reverse)));
                read.Hidden.CopyTo(parameters.Slice(ParameterNames.InitialHidden(i, reverse)));
                read.Cell.CopyTo(parameters.Slice(ParameterNames.InitialCell(i, reverse)));
            }
        }
        // Our output sees all layers; there only the last.
        int size = network.ControllerSize * network.Directions;
        Span<float> weights = parameters.Slice(ParameterNames.OutputWeights);
        for (int output = 0; output < network.OutputSize; output++)
        {
            Span<float> last = weights.Slice((output + 1) * network.HiddenSize - size, size);
            if (lstm.Weights is { } linear)
                linear.AsSpan(output * size, size).CopyTo(last);
            else
                last[output] = 1f;
        }
        if (lstm.Bias is not { } bias)
            return parameters;
        if (bias.Length != network.OutputSize)
            throw new InvalidDataException($"The linear layer's bias must have {network.OutputSize} numbers; it has {bias.Length}.");
        bias.CopyTo(parameters.Slice(ParameterNames.OutputBias));
        return parameters;
    }
}
