using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>
/// Associative recall (arXiv:1410.5401, section 4.3): read K items of a few bit vectors each, then one of them again; answer the item that
/// came after it.
/// </summary>
/// <remarks>
/// Alignment <c>EveryStep</c>, because the second query marker is the delimiter. Features per step: bits, item marker, query marker. Steps:
/// for each item a marker and its vectors, then query marker, query, query marker, and silent steps for the answer; NaN labels before it.
/// </remarks>
public sealed class AssociativeRecallTask : SequenceTask
{
    /// <summary>The paper's task by default: 2 to 6 items of three 6-bit vectors.</summary>
    /// <param name="minItems">Fewest items (K), at least 2.</param>
    /// <param name="maxItems">Most items, included.</param>
    /// <param name="itemLength">Vectors per item, at least 1.</param>
    /// <param name="bits">Bits per vector, at least 1.</param>
    /// <param name="seed">What all rows are derived from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public AssociativeRecallTask(int minItems = 2, int maxItems = 6, int itemLength = 3, int bits = 6, int seed = 0) : base(seed)
    {
        TaskRange.Check(minItems, maxItems, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(itemLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        (MinItems, MaxItems, ItemLength, Bits) = (minItems, maxItems, itemLength, bits);
    }

    /// <summary>Fewest items (K).</summary>
    public int MinItems { get; }

    /// <summary>Most items, included.</summary>
    public int MaxItems { get; }

    /// <summary>Vectors per item.</summary>
    public int ItemLength { get; }

    /// <summary>Bits per vector.</summary>
    public int Bits { get; }

    /// <summary>Bits, item-marker channel, query-marker channel.</summary>
    public override int FeatureSize => Bits + 2;

    /// <inheritdoc/>
    public override int OutputSize => Bits;

    /// <inheritdoc/>
    public override bool AnswersAfterInput => false;

    private protected override TaskSequence Generate(SeededRandom random)
    {
        int items = random.Next(MinItems, MaxItems);
        int asked = random.Next(0, items - 2);
        int stride = ItemLength + 1;
        int query = items * stride;
        int answer = query + ItemLength + 2;
        TaskSequence row = TaskSequence.Silent(answer + ItemLength, FeatureSize, OutputSize);

        for (int item = 0; item < items; item++)
        {
            row.FeatureStep(item * stride, FeatureSize)[Bits] = 1;
            for (int i = 1; i <= ItemLength; i++)
                random.FillBits(row.FeatureStep(item * stride + i, FeatureSize)[..Bits]);
        }

        row.FeatureStep(query, FeatureSize)[Bits + 1] = 1;
        row.FeatureStep(answer - 1, FeatureSize)[Bits + 1] = 1;
        for (int i = 0; i < ItemLength; i++)
        {
            ItemVector(asked, i).CopyTo(row.FeatureStep(query + 1 + i, FeatureSize));
            ItemVector(asked + 1, i).CopyTo(row.LabelStep(answer + i, OutputSize));
        }
        return row;

        Span<float> ItemVector(int item, int i) => row.FeatureStep(item * stride + 1 + i, FeatureSize)[..Bits];
    }
}
