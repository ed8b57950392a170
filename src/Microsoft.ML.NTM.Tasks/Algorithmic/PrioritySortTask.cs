using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>
/// Priority sort (arXiv:1410.5401, section 4.5): read random bit vectors, each with a priority; say those of highest priority, highest
/// first.
/// </summary>
/// <remarks>
/// Alignment <c>AfterInput</c>: the library adds the delimiter and the answer steps. Features per step: bits, priority in [-1, 1]. The
/// answer is shorter than the input, so give the trainer the column <c>OutputLength</c> or <see cref="Answers"/>.
/// </remarks>
public sealed class PrioritySortTask : SequenceTask
{
    /// <summary>The paper's task by default: the best 16 of 20 vectors of 8 bits.</summary>
    /// <param name="items">Vectors to read, at least 1.</param>
    /// <param name="answers">Vectors to say, 1 to <paramref name="items"/>.</param>
    /// <param name="bits">Bits per vector, at least 1.</param>
    /// <param name="seed">What all rows are derived from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public PrioritySortTask(int items = 20, int answers = 16, int bits = 8, int seed = 0) : base(seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(items, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(answers, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(answers, items);
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        (Items, Answers, Bits) = (items, answers, bits);
    }

    /// <summary>Vectors to read.</summary>
    public int Items { get; }

    /// <summary>Vectors to say: steps of the answer.</summary>
    public int Answers { get; }

    /// <summary>Bits per vector.</summary>
    public int Bits { get; }

    /// <summary>Bits and the priority.</summary>
    public override int FeatureSize => Bits + 1;

    /// <inheritdoc/>
    public override int OutputSize => Bits;

    /// <inheritdoc/>
    public override bool AnswersAfterInput => true;

    private protected override TaskSequence Generate(SeededRandom random)
    {
        float[] features = new float[Items * FeatureSize]; // [items, bits + 1]
        float[] priorities = new float[Items];
        int[] order = new int[Items];
        for (int i = 0; i < Items; i++)
        {
            Span<float> step = features.AsSpan(i * FeatureSize, FeatureSize);
            random.FillBits(step[..Bits]);
            step[Bits] = priorities[i] = (float)(2 * random.NextDouble() - 1);
            order[i] = i;
        }

        float[] label = new float[Answers * Bits]; // [answers, bits]
        int[] best = [.. order.OrderByDescending(i => priorities[i]).Take(Answers)];
        for (int i = 0; i < Answers; i++)
            features.AsSpan(best[i] * FeatureSize, Bits).CopyTo(label.AsSpan(i * Bits));
        return new TaskSequence { Features = features, Label = label, OutputLength = Answers };
    }
}
