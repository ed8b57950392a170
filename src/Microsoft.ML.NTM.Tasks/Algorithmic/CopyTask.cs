using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>
/// Copy (arXiv:1410.5401, section 4.1): read L random bit vectors, then say them again. Alignment <c>AfterInput</c>: the library adds the
/// delimiter step and the L silent steps of the answer, so features and label are both the L vectors.
/// </summary>
public sealed class CopyTask : SequenceTask
{
    /// <summary>The paper's task by default: 1 to 20 vectors of 8 bits.</summary>
    /// <param name="minLength">Fewest vectors (L), at least 1.</param>
    /// <param name="maxLength">Most vectors, included: lengths are uniform.</param>
    /// <param name="bits">Bits per vector, at least 1.</param>
    /// <param name="seed">What all rows are derived from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public CopyTask(int minLength = 1, int maxLength = 20, int bits = 8, int seed = 0) : base(seed)
    {
        TaskRange.Check(minLength, maxLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        MinLength = minLength;
        MaxLength = maxLength;
        Bits = bits;
    }

    /// <summary>Fewest vectors (L).</summary>
    public int MinLength { get; }

    /// <summary>Most vectors, included.</summary>
    public int MaxLength { get; }

    /// <summary>Bits per vector.</summary>
    public int Bits { get; }

    /// <inheritdoc/>
    public override int FeatureSize => Bits;

    /// <inheritdoc/>
    public override int OutputSize => Bits;

    /// <inheritdoc/>
    public override bool AnswersAfterInput => true;

    private protected override TaskSequence Generate(SeededRandom random)
    {
        int length = random.Next(MinLength, MaxLength);
        float[] vectors = new float[length * Bits]; // [L, bits]
        random.FillBits(vectors);
        return new TaskSequence { Features = vectors, Label = (float[])vectors.Clone(), OutputLength = length };
    }
}
