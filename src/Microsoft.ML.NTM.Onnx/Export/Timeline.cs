using Microsoft.ML.NTM.Onnx.Graphs;
using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Onnx.Export;

/// <summary>
/// Which steps a row reads and which it answers. Rows shorter than the batch's T are padded at their end; what stands there never reaches
/// an answer, because every step sees only those before it.
/// </summary>
/// <param name="Inputs">What the network reads: [B, all steps, D].</param>
/// <param name="Answers">The steps at which rows answer [B, T']; null: every one that was read.</param>
/// <param name="Lengths">Steps of each row, those that answer included: [B].</param>
/// <param name="Answered">Which of them are answers and no padding: [B, T', 1].</param>
internal readonly record struct Timeline(Value Inputs, Value? Answers, Value Lengths, Value Answered)
{
    /// <summary>Lays the steps out.</summary>
    /// <param name="spec">Alignment and label.</param>
    /// <param name="features">[B, T, F].</param>
    /// <param name="lengths">Steps of each row [B, 1], or of all rows [1, 1]; more than T means T.</param>
    /// <param name="outputLengths">
    /// Answers that each row wants after its input [B, 1]; null: <see cref="SequenceSpec.OutputLength"/>, else as many as its steps.
    /// </param>
    public static Timeline Of(SequenceSpec spec, Value features, Value lengths, Value? outputLengths)
    {
        OnnxGraph graph = features.Graph;
        Value zero = graph.Longs(0), one = graph.Longs(1);
        Value rows = features.Size(0);
        // A sequence without steps is one step without input.
        Value any = Value.Concat(1, features, Nothing(features, features.Size(1).Equal(zero).Cast(DataType.Int64)));
        Value given = features.Size(1), steps = any.Size(1);
        Value held = lengths.Where(lengths.Less(given), given).Expand(Value.Concat(0, rows, one));                        // [B, 1]
        Value own = held.Where(zero.Less(held), one);
        Value read = any.Where(steps.Range().Unsqueeze(-1).Less(held.Unsqueeze(-1)), graph.Float(0f));
        if (spec.Alignment == SequenceAlignment.AfterInput)
            return AfterInput(spec, read, steps, own, outputLengths);
        return spec.OneLabelPerSequence
            ? new Timeline(read, own + graph.Longs(-1), own.Squeeze(1), zero.Less(own).Unsqueeze(-1))
            : new Timeline(read, null, own.Squeeze(1), steps.Range().Less(own).Unsqueeze(-1));
    }

    // The whole input, a step with only the delimiter, then steps without input.
    private static Timeline AfterInput(SequenceSpec spec, Value read, Value steps, Value own, Value? outputLengths)
    {
        OnnxGraph graph = read.Graph;
        Value wanted = outputLengths ?? (spec.OutputLength is { } length ? graph.Longs([length], 1, 1) : own);
        Value most = wanted.Reduce("ReduceMax", 0, keep: false).Reduce("ReduceMax", 0);                                   // [1]
        Value more = most + graph.Longs(1);
        Value time = (steps + more).Range().Unsqueeze(0).Unsqueeze(-1);                                                   // [1, all, 1]
        Value delimiter = time.Equal(own.Unsqueeze(-1)).Cast(DataType.Float);
        Value answer = most.Range();                                                                                      // [T']
        return new Timeline(
            Value.Concat(2, Value.Concat(1, read, Nothing(read, more)), delimiter),
            answer + own + graph.Longs(1),
            (own + wanted + graph.Longs(1)).Squeeze(1),
            answer.Less(wanted).Unsqueeze(-1));
    }

    // So many steps of zeros, for the rows and features of others.
    private static Value Nothing(Value like, Value steps) =>
        like.Graph.Floats([0f], 1, 1, 1).Expand(Value.Concat(0, like.Size(0), steps, like.Size(2)));

    /// <summary>From what the network gives at all steps [B, all, C] to what it gives where rows answer [B, T', C].</summary>
    public Value At(Value seen, int size)
    {
        if (Answers is not { } steps)
            return seen;
        Value shape = Value.Concat(0, steps.Size(0), steps.Size(1), steps.Graph.Longs(size));
        return seen.Graph.Add("GatherElements", [seen, steps.Unsqueeze(-1).Expand(shape)], ("axis", 1));
    }
}
