using Microsoft.ML.NTM.Onnx.Graphs;
using Microsoft.ML.NTM.Transformers;
using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Onnx.Export;

/// <summary>
/// From the network's outputs [B, T', O] to the columns of <see cref="AnswerColumns"/>, [B, values] each. Where a shorter row of a batch
/// has no answer any more, a score is NaN, a predicted key missing (0), a predicted Boolean false.
/// </summary>
internal sealed class AnswerGraph(SequenceModelParameters model, Value logits, Value answered)
{
    private readonly SequenceSpec _sequence = model.Sequence;
    private readonly Value _nothing = logits.Graph.Float(float.NaN);

    /// <summary>The column called <paramref name="name"/>.</summary>
    public Value Column(string name) => (name, _sequence.Loss) switch
    {
        (AnswerColumns.Score, SequenceLoss.CrossEntropy) => Flat(Scored(Flattened(Classes().Softmax(), model.Network.OutputSize))),
        (AnswerColumns.Score, SequenceLoss.BinaryCrossEntropy) when !_sequence.OneLabelPerSequence => Flat(Scored(logits.Sigmoid())),
        (AnswerColumns.Score, SequenceLoss.SquaredError) when model.Format.Label.Scaling is { } scaling =>
            Flat(Scored(ScalingGraph.Undo(scaling, logits))),
        (AnswerColumns.Score, _) => Flat(Scored(logits)),
        (AnswerColumns.Probability, _) => Flat(Scored(logits.Sigmoid())),
        (AnswerColumns.PredictedLabel, SequenceLoss.BinaryCrossEntropy) =>
            Flat(logits.Graph.Float(0f).Less(logits).Binary("And", answered)),
        (AnswerColumns.PredictedLabel, _) => Flat(Keys()),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "The model has no such column."),
    };

    // The first of the largest, counted from 1.
    private Value Keys()
    {
        Value key = logits.Graph.Add("ArgMax", [Classes()], ("axis", -1), ("keepdims", 0)) + logits.Graph.Longs(1);
        return key.Where(answered, logits.Graph.Longs(0)).Cast(DataType.Uint32);
    }

    // [B, T', G, classes]
    private Value Classes() =>
        logits.Reshape(0, 0, _sequence.SoftmaxGroups, model.Network.OutputSize / _sequence.SoftmaxGroups);

    private Value Scored(Value values) => values.Where(answered, _nothing);

    private static Value Flattened(Value values, int size) => values.Reshape(0, 0, size);

    private static Value Flat(Value values) => values.Reshape(0, -1);
}
