using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>
/// A graph task of the Differentiable Neural Computer paper (Nature 538:471) at one lesson of its curriculum, as a seeded stream of
/// sequences in the code of <see cref="GraphCode"/>. Row i depends on the seed, the lesson and i alone, so nothing is held in memory and
/// every cursor sees the same rows.
/// </summary>
/// <remarks>Go on with the next lesson's task when <see cref="GraphLessons.PassMark"/> of the answers are right.</remarks>
public abstract class GraphTask
{
    private protected GraphTask(IReadOnlyList<GraphLesson> lessons, int lesson, double earlierShare, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lesson, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lesson, lessons.Count);
        if (earlierShare is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(earlierShare), earlierShare, "A share is 0 to 1.");
        (Lessons, Lesson, EarlierShare, Seed) = (lessons, lesson, earlierShare, seed);
    }

    /// <summary>The whole curriculum.</summary>
    public IReadOnlyList<GraphLesson> Lessons { get; }

    /// <summary>The lesson most rows are of, from 1.</summary>
    public int Lesson { get; }

    /// <summary>Share of rows that are of an earlier lesson, any of them alike.</summary>
    public double EarlierShare { get; }

    /// <summary>What all rows are derived from.</summary>
    public int Seed { get; }

    /// <summary>One sequence.</summary>
    /// <param name="index">Its place in the stream, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public GraphSequence Row(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        SeededRandom random = SeededRandom.ForRow(Seed, index);
        int lesson = Lesson > 1 && random.NextDouble() < EarlierShare ? random.Next(1, Lesson - 1) : Lesson;
        GraphSequence sequence = Generate(Lessons[lesson - 1], random);
        sequence.Lesson = lesson;
        return sequence;
    }

    /// <summary>Sequences in the order of the stream, made as they are read; every enumeration gives the same ones.</summary>
    /// <param name="count">How many.</param>
    /// <param name="first">Place of the first one in the stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public IEnumerable<GraphSequence> Rows(long count, long first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        return Stream(first, count);
    }

    /// <summary>The same sequences as a streamed data view; its columns are those of <see cref="GraphCode.ToDataView"/>.</summary>
    /// <param name="mlContext">The context the view belongs to.</param>
    /// <param name="count">How many sequences.</param>
    /// <param name="first">Place of the first one in the stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public IDataView ToDataView(MLContext mlContext, long count, long first = 0) => GraphCode.ToDataView(mlContext, Rows(count, first));

    /// <summary>Makes one sequence out of nothing but a lesson and a generator.</summary>
    private protected abstract GraphSequence Generate(GraphLesson lesson, SeededRandom random);

    private IEnumerable<GraphSequence> Stream(long first, long count)
    {
        for (long i = 0; i < count; i++)
            yield return Row(first + i);
    }
}
