namespace Microsoft.ML.NTM.Tests.Tasks.Babi;

[TestClass]
public sealed class BabiMetricsTests
{
    [TestMethod]
    public void AQuestionIsRightOnlyIfAllItsWordsAre()
    {
        var metrics = new BabiMetrics();
        metrics.Add(8, [0, 3, 4, 0, 5], [9, 3, 4, 9, 5]);
        metrics.Add(8, [0, 3, 4, 0, 5], [9, 3, 1, 9, 5]);

        Assert.AreEqual(new BabiTaskMetrics(8, 4, 3), metrics.Tasks.Single());
        Assert.AreEqual(0.25, metrics.MeanError, 1e-12);
        Assert.AreEqual(1, metrics.FailedTasks);
    }

    [TestMethod]
    public void FivePercentWrongIsNotYetAFailure()
    {
        var metrics = new BabiMetrics();
        for (int i = 0; i < 20; i++)
            metrics.Add(1, [1], [i == 0 ? 2u : 1u]);
        Assert.AreEqual(0, metrics.FailedTasks);
        metrics.Add(1, [1], [2]);
        Assert.AreEqual(1, metrics.FailedTasks);
    }

    [TestMethod]
    public void TheMeanIsOverTasksNotQuestions()
    {
        var metrics = new BabiMetrics();
        metrics.Add(1, [1], [2]);
        for (int i = 0; i < 9; i++)
            metrics.Add(2, [1], [1]);
        Assert.AreEqual(0.5, metrics.MeanError, 1e-12);
    }

    [TestMethod]
    public void AScoredViewIsCountedRowByRow()
    {
        var ml = new MLContext();
        Scored[] rows =
        [
            new() { Task = 1, Label = [0, 2], PredictedLabel = [1, 2] },
            new() { Task = 4, Label = [2, 0, 1], PredictedLabel = [2, 2, 2] },
        ];
        BabiMetrics metrics = BabiMetrics.Evaluate(ml.Data.LoadFromEnumerable(rows));
        CollectionAssert.AreEqual(new[] { new BabiTaskMetrics(1, 1, 1), new BabiTaskMetrics(4, 2, 1) }, metrics.Tasks.ToArray());
    }

    [TestMethod]
    public void LengthsMustAgree() => Assert.ThrowsExactly<ArgumentException>(() => new BabiMetrics().Add(1, [1, 2], [1]));

    private sealed class Scored
    {
        public int Task { get; set; }

        [ML.Data.KeyType(2)]
        public uint[] Label { get; set; } = [];

        [ML.Data.KeyType(2)]
        public uint[] PredictedLabel { get; set; } = [];
    }
}
