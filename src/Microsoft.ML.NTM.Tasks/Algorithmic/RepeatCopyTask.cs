using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>
/// Repeat copy (arXiv:1410.5401, section 4.2): read L random bit vectors and a number R, say the vectors R times, then say that it is done.
/// </summary>
/// <remarks>
/// Alignment <c>EveryStep</c>, because the count follows the delimiter. Features per step: bits, delimiter, count. Steps: the L vectors,
/// the delimiter, the count (R - 5.5) / sqrt(8.25), then L * R + 1 silent steps. The label has the bits and an end marker, NaN before the
/// answer.
/// </remarks>
public sealed class RepeatCopyTask : SequenceTask
{
    /// <summary>Mean of the paper's counts 1..10; it stays whatever the range, so that counts beyond training mean the same.</summary>
    private const double CountMean = 5.5;

    /// <summary>Variance of the paper's counts: (10^2 - 1) / 12.</summary>
    private const double CountVariance = 8.25;

    /// <summary>The paper's task by default: 1 to 10 vectors of 8 bits, 1 to 10 times.</summary>
    /// <param name="minLength">Fewest vectors (L), at least 1.</param>
    /// <param name="maxLength">Most vectors, included.</param>
    /// <param name="minRepeats">Fewest repetitions (R), at least 1.</param>
    /// <param name="maxRepeats">Most repetitions, included.</param>
    /// <param name="bits">Bits per vector, at least 1.</param>
    /// <param name="seed">What all rows are derived from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public RepeatCopyTask(int minLength = 1, int maxLength = 10, int minRepeats = 1, int maxRepeats = 10, int bits = 8, int seed = 0)
        : base(seed)
    {
        TaskRange.Check(minLength, maxLength, 1);
        TaskRange.Check(minRepeats, maxRepeats, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        (MinLength, MaxLength, MinRepeats, MaxRepeats, Bits) = (minLength, maxLength, minRepeats, maxRepeats, bits);
    }

    /// <summary>Fewest vectors (L).</summary>
    public int MinLength { get; }

    /// <summary>Most vectors, included.</summary>
    public int MaxLength { get; }

    /// <summary>Fewest repetitions (R).</summary>
    public int MinRepeats { get; }

    /// <summary>Most repetitions, included.</summary>
    public int MaxRepeats { get; }

    /// <summary>Bits per vector.</summary>
    public int Bits { get; }

    /// <summary>Bits, delimiter channel, count channel.</summary>
    public override int FeatureSize => Bits + 2;

    /// <summary>Bits and the end marker.</summary>
    public override int OutputSize => Bits + 1;

    /// <inheritdoc/>
    public override bool AnswersAfterInput => false;

    private protected override TaskSequence Generate(SeededRandom random)
    {
        int length = random.Next(MinLength, MaxLength);
        int repeats = random.Next(MinRepeats, MaxRepeats);
        int answer = length + 2;
        int steps = answer + length * repeats + 1;
        TaskSequence row = TaskSequence.Silent(steps, FeatureSize, OutputSize);

        for (int t = 0; t < length; t++)
            random.FillBits(row.FeatureStep(t, FeatureSize)[..Bits]);
        row.FeatureStep(length, FeatureSize)[Bits] = 1;
        row.FeatureStep(length + 1, FeatureSize)[Bits + 1] = (float)((repeats - CountMean) / Math.Sqrt(CountVariance));

        row.Label.AsSpan(answer * OutputSize).Clear();
        for (int t = 0; t < length * repeats; t++)
            row.FeatureStep(t % length, FeatureSize)[..Bits].CopyTo(row.LabelStep(answer + t, OutputSize));
        row.LabelStep(steps - 1, OutputSize)[Bits] = 1;
        return row;
    }
}
