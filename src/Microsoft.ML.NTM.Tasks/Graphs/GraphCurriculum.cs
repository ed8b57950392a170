namespace Microsoft.ML.NTM;

/// <summary>
/// A network's way through the lessons of a graph task (Nature 538:471, Methods): what to train on, what to be examined on, and the next
/// lesson once enough is right. Train a round on <see cref="ToDataView"/>, examine on <see cref="Exam"/>, <see cref="Report"/>, repeat.
/// </summary>
/// <example>
/// <code>
/// var curriculum = new GraphCurriculum((lesson, earlier, seed) => new TraversalTask(lesson, earlier, seed));
/// while (!curriculum.Completed)
/// {
///     model = trainer.Fit(curriculum.ToDataView(ml), null, model?.Model);
///     curriculum.Report(GraphMetrics.Evaluate(model.Transform(curriculum.Exam(ml, 200))), sequences: iterations * batchSize);
/// }
/// </code>
/// </example>
public sealed class GraphCurriculum
{
    /// <summary>Rows kept for each round, so that none of a later round was read ahead in an earlier one.</summary>
    private const long RoundRows = 1_000_000_000;

    private readonly Func<int, double, int, GraphTask> task;
    private readonly List<GraphExam> exams = [];
    private readonly double earlierShare;
    private readonly int seed;
    private readonly int lessons;

    /// <summary>A curriculum at the beginning.</summary>
    /// <param name="task">Makes the task of a lesson, a share of rows from earlier lessons and a seed.</param>
    /// <param name="firstLesson">Where to begin, from 1.</param>
    /// <param name="earlierShare">Share of rows to train on that are from earlier lessons, 0 to 1; the paper's 10 % by default.</param>
    /// <param name="passMark">Share of an exam's triples that opens the next lesson, 0 to 1.</param>
    /// <param name="seed">What all rows are derived from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public GraphCurriculum(Func<int, double, int, GraphTask> task, int firstLesson = 1, double earlierShare = 0.1,
        double passMark = GraphLessons.PassMark, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (passMark is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(passMark), passMark, "A share is 0 to 1.");
        (this.task, this.earlierShare, PassMark, this.seed, Lesson) = (task, earlierShare, passMark, seed, firstLesson);
        lessons = task(firstLesson, earlierShare, seed).Lessons.Count;
    }

    /// <summary>The lesson to train on, from 1; the last one when the curriculum is completed.</summary>
    public int Lesson { get; private set; }

    /// <summary>Share of an exam's triples that opens the next lesson.</summary>
    public double PassMark { get; }

    /// <summary>Whether the last lesson was passed.</summary>
    public bool Completed { get; private set; }

    /// <summary>Sequences trained on so far.</summary>
    public long Sequences { get; private set; }

    /// <summary>All exams, in their order.</summary>
    public IReadOnlyList<GraphExam> Exams => exams;

    /// <summary>Sequences of the lesson, some of them of earlier ones, that no round before could have trained on.</summary>
    /// <param name="mlContext">The context the view belongs to.</param>
    /// <param name="count">How many; the default, which is the most, is as good as endless, since rows are made when they are read.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative or above the default.</exception>
    public IDataView ToDataView(MLContext mlContext, long count = RoundRows) => Rows(mlContext, earlierShare, seed, count);

    /// <summary>Sequences of the lesson alone, that are never trained on and are others at the next exam.</summary>
    /// <param name="mlContext">The context the view belongs to.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative or above a thousand million.</exception>
    public IDataView Exam(MLContext mlContext, long count) => Rows(mlContext, 0, ~seed, count);

    /// <summary>Takes an exam's result and, where it was passed, goes on to the next lesson.</summary>
    /// <param name="exam">How <see cref="Exam"/> was answered.</param>
    /// <param name="sequences">Sequences trained on since the last exam, 0 or more.</param>
    /// <returns>Whether the exam was passed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public bool Report(GraphMetrics exam, long sequences)
    {
        ArgumentNullException.ThrowIfNull(exam);
        ArgumentOutOfRangeException.ThrowIfNegative(sequences);
        Sequences += sequences;
        bool passed = exam.TripleAccuracy >= PassMark;
        exams.Add(new GraphExam(Lesson, Sequences, exam.TripleAccuracy, passed));
        if (passed && Lesson < lessons)
            Lesson++;
        else if (passed)
            Completed = true;
        return passed;
    }

    private IDataView Rows(MLContext mlContext, double earlier, int rowSeed, long count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, RoundRows);
        return task(Lesson, earlier, rowSeed).ToDataView(mlContext, count, first: exams.Count * RoundRows);
    }
}
