using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Tasks.Graphs;

[TestClass]
public sealed class GraphCurriculumTests
{
    private static readonly MLContext ML = new(seed: 1);

    [TestMethod]
    public void APassedExamOpensTheNextLesson()
    {
        GraphCurriculum curriculum = Traversal();

        Assert.IsFalse(curriculum.Report(Answered(right: 8, of: 10), sequences: 100));
        Assert.AreEqual(1, curriculum.Lesson);
        Assert.IsTrue(curriculum.Report(Answered(right: 9, of: 10), sequences: 50));
        Assert.AreEqual(2, curriculum.Lesson);

        Assert.AreEqual(150, curriculum.Sequences);
        CollectionAssert.AreEqual(new GraphExam[] { new(1, 100, 0.8, false), new(1, 150, 0.9, true) }, curriculum.Exams.ToArray());
    }

    [TestMethod]
    public void TheLastLessonCompletesTheCurriculum()
    {
        GraphCurriculum curriculum = Traversal(firstLesson: 14);
        Assert.IsFalse(curriculum.Completed);

        curriculum.Report(Answered(right: 10, of: 10), sequences: 1);

        Assert.IsTrue(curriculum.Completed);
        Assert.AreEqual(14, curriculum.Lesson);
    }

    [TestMethod]
    public void NoRoundReadsWhatAnEarlierOneRead()
    {
        GraphCurriculum curriculum = Traversal();
        string[] first = Rows(curriculum.ToDataView(ML, 40));
        curriculum.Report(Answered(right: 0, of: 1), sequences: 20);
        string[] second = Rows(curriculum.ToDataView(ML, 40));

        Assert.IsEmpty(first.Intersect(second));
        CollectionAssert.AreEqual(second, Rows(curriculum.ToDataView(ML, 40)), "reading again gives the same ones");
    }

    [TestMethod]
    public void ExamsAreFreshAndOfTheLessonAlone()
    {
        GraphCurriculum curriculum = Traversal(firstLesson: 5, earlierShare: 1);
        string[] first = Rows(curriculum.Exam(ML, 30));
        Assert.IsTrue(Lessons(curriculum.Exam(ML, 30)).All(lesson => lesson == 5));
        Assert.IsTrue(Lessons(curriculum.ToDataView(ML, 30)).All(lesson => lesson < 5), "training mixes earlier lessons in");
        Assert.IsEmpty(first.Intersect(Rows(curriculum.ToDataView(ML, 30))));

        curriculum.Report(Answered(right: 0, of: 1), sequences: 0);
        Assert.IsEmpty(first.Intersect(Rows(curriculum.Exam(ML, 30))));
    }

    [TestMethod]
    public void NumbersOutOfRangeAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Traversal(firstLesson: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Traversal(firstLesson: 15));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Traversal(earlierShare: 1.5));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Traversal(passMark: double.NaN));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Traversal().Exam(ML, 1_000_000_001));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Traversal().Report(new GraphMetrics(), sequences: -1));
    }

    private static GraphCurriculum Traversal(int firstLesson = 1, double earlierShare = 0.1, double passMark = GraphLessons.PassMark) =>
        new((lesson, share, seed) => new TraversalTask(lesson, share, seed), firstLesson, earlierShare, passMark, seed: 4);

    private static GraphMetrics Answered(int right, int of)
    {
        uint[] label = [.. Enumerable.Repeat(2u, GraphCode.Digits)], wrong = [.. Enumerable.Repeat(3u, GraphCode.Digits)];
        var metrics = new GraphMetrics();
        for (int i = 0; i < of; i++)
            metrics.Add(label, i < right ? label : wrong);
        return metrics;
    }

    private static string[] Rows(IDataView view) =>
        [.. view.GetColumn<float[]>("Features").Select(features => string.Concat(features.Select(value => value > 0 ? '1' : '0')))];

    private static int[] Lessons(IDataView view) => [.. view.GetColumn<int>("Lesson")];
}
