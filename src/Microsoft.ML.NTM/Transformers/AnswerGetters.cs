using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>From the network's raw outputs to the values of the columns in <see cref="AnswerColumns"/>.</summary>
internal static class AnswerGetters
{
    /// <summary>The getter of the output column called <paramref name="name"/>.</summary>
    public static Delegate Create(string name, IAnswers scorer, SequenceModelParameters model)
    {
        SequenceSpec sequence = model.Sequence;
        ChannelScaling? scaling = model.Format.Label.Scaling;
        int classes = model.Network.OutputSize / sequence.SoftmaxGroups;
        return (name, sequence.Loss, sequence.OneLabelPerSequence) switch
        {
            (AnswerColumns.Score, SequenceLoss.CrossEntropy, _) =>
                Vector<float>(scorer, (logits, scores) => Softmax(logits, scores, classes)),
            (AnswerColumns.Score, SequenceLoss.SquaredError, true) =>
                (ValueGetter<float>)((ref float value) => Unscale(scorer.Logits()[..1], new Span<float>(ref value), scaling)),
            (AnswerColumns.Score, _, true) => (ValueGetter<float>)((ref float value) => value = scorer.Logits()[0]),
            (AnswerColumns.Score, SequenceLoss.BinaryCrossEntropy, false) => Vector<float>(scorer, Sigmoid),
            (AnswerColumns.Score, _, false) => Vector<float>(scorer, (logits, scores) => Unscale(logits, scores, scaling)),
            (AnswerColumns.Probability, _, _) => (ValueGetter<float>)((ref float value) => value = Sigmoid(scorer.Logits()[0])),
            (AnswerColumns.PredictedLabel, SequenceLoss.BinaryCrossEntropy, true) =>
                (ValueGetter<bool>)((ref bool value) => value = scorer.Logits()[0] > 0f),
            (AnswerColumns.PredictedLabel, SequenceLoss.BinaryCrossEntropy, false) => Vector<bool>(scorer, Threshold),
            (AnswerColumns.PredictedLabel, SequenceLoss.CrossEntropy, true) =>
                (ValueGetter<uint>)((ref uint value) => value = LargestKey(scorer.Logits())),
            (AnswerColumns.PredictedLabel, SequenceLoss.CrossEntropy, false) =>
                Vector<uint>(scorer, (logits, keys) => LargestKeys(logits, keys, classes), classes),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "The model has no such column."),
        };
    }

    /// <summary>Outputs of one or more steps as the Score column has them.</summary>
    public static void Scores(ReadOnlySpan<float> logits, Span<float> scores, SequenceModelParameters model)
    {
        switch (model.Sequence.Loss)
        {
            case SequenceLoss.CrossEntropy:
                Softmax(logits, scores, model.Network.OutputSize / model.Sequence.SoftmaxGroups);
                break;
            case SequenceLoss.BinaryCrossEntropy:
                Sigmoid(logits, scores);
                break;
            default:
                Unscale(logits, scores, model.Format.Label.Scaling);
                break;
        }
    }

    private delegate void Convert<T>(ReadOnlySpan<float> logits, Span<T> values);

    // One value per outputsPerValue outputs.
    private static ValueGetter<VBuffer<T>> Vector<T>(IAnswers scorer, Convert<T> convert, int outputsPerValue = 1) =>
        (ref VBuffer<T> value) =>
        {
            ReadOnlySpan<float> logits = scorer.Logits();
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, logits.Length / outputsPerValue);
            convert(logits, editor.Values);
            value = editor.Commit();
        };

    // In the label's own units.
    private static void Unscale(ReadOnlySpan<float> outputs, Span<float> scores, ChannelScaling? scaling)
    {
        if (scaling is null)
            outputs.CopyTo(scores);
        else
            scaling.Undo(outputs, scores);
    }

    private static float Sigmoid(float logit) => 1f / (1f + MathF.Exp(-logit));

    private static void Sigmoid(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        for (int i = 0; i < logits.Length; i++)
            probabilities[i] = Sigmoid(logits[i]);
    }

    private static void Threshold(ReadOnlySpan<float> logits, Span<bool> labels)
    {
        for (int i = 0; i < logits.Length; i++)
            labels[i] = logits[i] > 0f;
    }

    // Each group of `classes` outputs on its own.
    private static void Softmax(ReadOnlySpan<float> logits, Span<float> probabilities, int classes)
    {
        for (int start = 0; start < logits.Length; start += classes)
        {
            ReadOnlySpan<float> group = logits.Slice(start, classes);
            float largest = group[IndexOfLargest(group)];
            float sum = 0f;
            for (int i = 0; i < classes; i++)
                sum += probabilities[start + i] = MathF.Exp(group[i] - largest);
            for (int i = 0; i < classes; i++)
                probabilities[start + i] /= sum;
        }
    }

    private static void LargestKeys(ReadOnlySpan<float> logits, Span<uint> keys, int classes)
    {
        for (int i = 0; i < keys.Length; i++)
            keys[i] = LargestKey(logits.Slice(i * classes, classes));
    }

    // Keys count from 1.
    private static uint LargestKey(ReadOnlySpan<float> logits) => (uint)IndexOfLargest(logits) + 1;

    private static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[largest])
                largest = i;
        }
        return largest;
    }
}
