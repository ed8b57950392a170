namespace Microsoft.ML.NTM.Evaluation;

/// <summary>Counts which class was answered where which one was right.</summary>
internal sealed class ConfusionCounts
{
    /// <summary>More classes make a table that nobody reads, of 8 MB and more.</summary>
    public const int MostClasses = 1000;

    private readonly double[] _counts; // [classes, classes + 1]: right class, answered class or none
    private readonly int _classes;
    private double _weight = 1;

    private ConfusionCounts(int classes) => (_classes, _counts) = (classes, new double[classes * (classes + 1)]);

    /// <summary>Counts for scores of classes; null for other scores, and for more than <see cref="MostClasses"/>.</summary>
    public static ConfusionCounts? For(ScoreFormat format) =>
        format.Loss == SequenceLoss.CrossEntropy && format.OutputSize / format.SoftmaxGroups is var classes and <= MostClasses
            ? new ConfusionCounts(classes) : null;

    /// <summary>What each answer of the sequence to come counts.</summary>
    public void BeginSequence(double weight) => _weight = weight;

    /// <summary>Counts an answer; -1 answers no class.</summary>
    public void Add(int right, int answered) => _counts[right * (_classes + 1) + (answered < 0 ? _classes : answered)] += _weight;

    /// <summary>The table, with the classes' names or, where they have none, their numbers from 0.</summary>
    public SequenceConfusionMatrix ToMatrix(IReadOnlyList<string>? names) => new(
        names?.Count == _classes ? names : [.. Enumerable.Range(0, _classes).Select(c => $"{c}")],
        [.. _counts.Chunk(_classes + 1).Select(row => (IReadOnlyList<double>)row[.._classes].AsReadOnly())],
        [.. _counts.Chunk(_classes + 1).Select(row => row.Sum())]);
}
