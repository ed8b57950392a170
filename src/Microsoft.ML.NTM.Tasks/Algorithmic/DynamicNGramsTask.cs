using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>
/// Dynamic n-grams (arXiv:1410.5401, section 4.4): every sequence is drawn from a table of its own that gives the probability of a 1 after
/// each context of the last bits; predict each next bit.
/// </summary>
/// <remarks>
/// Alignment <c>EveryStep</c>: the label at step t is bit t, the feature at step t is the bit before it (0 at the first step), so a
/// sequence's loss covers all its bits and compares with <see cref="OptimalBits"/> directly. Sequences differ much in difficulty: compare
/// on the same ones.
/// </remarks>
public sealed class DynamicNGramsTask : SequenceTask
{
    /// <summary>The paper's task by default: 6-grams (contexts of 5 bits), 200 bits.</summary>
    /// <param name="length">Bits per sequence, more than <paramref name="contextLength"/>.</param>
    /// <param name="contextLength">Bits that the next one depends on, 1 to 20; as many fair bits begin the sequence.</param>
    /// <param name="seed">What all rows are derived from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public DynamicNGramsTask(int length = 200, int contextLength = 5, int seed = 0) : base(seed)
    {
        CheckContext(contextLength);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, contextLength);
        Length = length;
        ContextLength = contextLength;
    }

    /// <summary>Bits per sequence.</summary>
    public int Length { get; }

    /// <summary>Bits that the next one depends on.</summary>
    public int ContextLength { get; }

    /// <inheritdoc/>
    public override int FeatureSize => 1;

    /// <inheritdoc/>
    public override int OutputSize => 1;

    /// <inheritdoc/>
    public override bool AnswersAfterInput => false;

    /// <summary>
    /// The best possible prediction of each bit from those before it: (N1 + 1/2) / (N0 + N1 + 1), N0 and N1 being how often a 0 and a 1
    /// followed the same context so far; 1/2 for the bits without a full context (section 4.4, equation 10).
    /// </summary>
    /// <param name="bits">A sequence's bits: its label.</param>
    /// <param name="contextLength">Bits that the next one depends on, 1 to 20.</param>
    /// <returns>The probability that each bit is 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="contextLength"/> is out of its range.</exception>
    public static double[] OptimalPredictions(ReadOnlySpan<float> bits, int contextLength = 5)
    {
        CheckContext(contextLength);
        int contexts = 1 << contextLength;
        int[] seen = new int[contexts];
        int[] ones = new int[contexts];
        double[] predictions = new double[bits.Length];
        int context = 0;
        for (int t = 0; t < bits.Length; t++)
        {
            int bit = bits[t] > 0.5f ? 1 : 0;
            if (t < contextLength)
                predictions[t] = 0.5;
            else
            {
                predictions[t] = (ones[context] + 0.5) / (seen[context] + 1.0);
                seen[context]++;
                ones[context] += bit;
            }
            context = (2 * context + bit) % contexts;
        }
        return predictions;
    }

    /// <summary>
    /// Bits per sequence that the best possible predictor pays for this one: about 133.7 on average at the paper's sizes.
    /// </summary>
    /// <param name="bits">A sequence's bits: its label.</param>
    /// <param name="contextLength">Bits that the next one depends on, 1 to 20.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="contextLength"/> is out of its range.</exception>
    public static double OptimalBits(ReadOnlySpan<float> bits, int contextLength = 5)
    {
        double[] predictions = OptimalPredictions(bits, contextLength);
        double total = 0;
        for (int t = 0; t < bits.Length; t++)
            total -= Math.Log2(bits[t] > 0.5f ? predictions[t] : 1 - predictions[t]);
        return total;
    }

    private protected override TaskSequence Generate(SeededRandom random)
    {
        int contexts = 1 << ContextLength;
        double[] table = new double[contexts];
        for (int i = 0; i < contexts; i++)
            table[i] = random.NextArcsine();

        TaskSequence row = TaskSequence.Silent(Length, 1, 1);
        int context = 0;
        for (int t = 0; t < Length; t++)
        {
            int bit = random.NextDouble() < (t < ContextLength ? 0.5 : table[context]) ? 1 : 0;
            row.Label[t] = bit;
            if (t + 1 < Length)
                row.Features[t + 1] = bit;
            context = (2 * context + bit) % contexts;
        }
        return row;
    }

    private static void CheckContext(int contextLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contextLength, 20);
    }
}
