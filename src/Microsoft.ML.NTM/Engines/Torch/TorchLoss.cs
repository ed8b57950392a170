using Microsoft.ML.NTM.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>A batch's loss: per scored element, times its step's weight, summed, over the number of rows.</summary>
internal static class TorchLoss
{
    /// <summary>The loss of the answers' logits [A, O] as a double-precision scalar, or null where nothing is scored.</summary>
    public static Tensor? Of(Tensor logits, SequenceBatch batch, AnswerSteps answers, SequenceLoss loss)
    {
        (List<long> scored, List<double> targets, List<double> weights) = Scored(batch, answers);
        if (scored.Count == 0)
            return null;
        // A line per target: the outputs it is compared with, 1 or the classes of its softmax.
        Tensor compared = logits.reshape(answers.Answers.Count * batch.TargetSize, -1).index_select(0,
            tensor(scored, device: logits.device));
        Tensor wanted = tensor(targets, dtype: logits.dtype, device: logits.device);
        Tensor losses = loss switch
        {
            SequenceLoss.BinaryCrossEntropy => Binary(compared.squeeze(1), wanted),
            SequenceLoss.CrossEntropy => Categorical(compared, wanted),
            SequenceLoss.SquaredError => Squared(compared.squeeze(1), wanted),
            _ => throw new ArgumentException($"The loss {loss} is none that an engine can compute.", nameof(loss)),
        };
        return (losses.to_type(ScalarType.Float64) * tensor(weights, device: logits.device)).sum() / batch.Rows;
    }

    // -(t log sigma(x) + (1 - t) log(1 - sigma(x)))
    private static Tensor Binary(Tensor logits, Tensor targets) =>
        nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction: nn.Reduction.None);

    // -log softmax(x)[class]
    private static Tensor Categorical(Tensor logits, Tensor classes) =>
        -logits.log_softmax(-1).gather(1, classes.to_type(ScalarType.Int64).unsqueeze(1)).squeeze(1);

    // (x - t)^2
    private static Tensor Squared(Tensor scores, Tensor targets) => (scores - targets).square();

    // Which of the A*K targets are not NaN, what they are, and what their steps count.
    private static (List<long> Scored, List<double> Targets, List<double> Weights) Scored(SequenceBatch batch, AnswerSteps answers)
    {
        var scored = new List<long>();
        var targets = new List<double>();
        var weights = new List<double>();
        for (int answer = 0; answer < answers.Answers.Count; answer++)
        {
            (int step, int row) = answers.Answers[answer];
            Span<float> wanted = batch.Target(step, row);
            for (int k = 0; k < wanted.Length; k++)
            {
                if (float.IsNaN(wanted[k]))
                    continue;
                scored.Add((long)answer * wanted.Length + k);
                targets.Add(wanted[k]);
                weights.Add(batch.Weight(step, row));
            }
        }
        return (scored, targets, weights);
    }
}
