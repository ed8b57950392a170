namespace Microsoft.ML.NTM.Tests.Tasks.Graphs;

[TestClass]
public sealed class GraphMetricsTests
{
    // Two ways of two edges from 1 to 4.
    private static readonly LabelledGraph Graph = new([new(1, 10, 2), new(2, 10, 4), new(1, 20, 3), new(3, 5, 4), new(3, 6, 1)]);

    [TestMethod]
    public void TriplesAndWholePathsAreCountedOverSeveralCalls()
    {
        GraphSequence row = GraphQuestion.Traversal(Graph, 1, [20, 5]);
        var metrics = new GraphMetrics();
        metrics.Add(row.Label, row.Label);
        metrics.Add(row.Label, Changed(row, step: 1, digit: 8));
        metrics.Add(row.Label, Changed(row, step: 2, digit: 0));

        Assert.AreEqual(6, metrics.Triples);
        Assert.AreEqual(5, metrics.TriplesRight);
        Assert.AreEqual(3, metrics.Paths);
        Assert.AreEqual(1, metrics.PathsRight, "a wrong end spoils the answer, too");
        Assert.IsTrue(double.IsNaN(metrics.MinimalPathShare));
    }

    [TestMethod]
    public void AnyMinimalPathCounts()
    {
        GraphSequence row = GraphQuestion.ShortestPath(Graph, 1, 4, answerSteps: 4);
        var metrics = new GraphMetrics();
        metrics.Add(row.Features, row.Label, row.Label);
        metrics.Add(row.Features, row.Label, Answer(row, new(1, 20, 3), new(3, 5, 4), GraphTriple.End));
        Assert.AreEqual(2, metrics.MinimalPaths);
        Assert.AreEqual(1, metrics.PathsRight);

        GraphTriple[][] wrong =
        [
            [new(1, 20, 3), new(3, 5, 4)], // No end.
            [new(1, 20, 3), new(3, 7, 4), GraphTriple.End], // No such edge.
            [new(1, 20, 3), new(2, 10, 4), GraphTriple.End], // A jump.
            [new(1, 20, 3), new(3, 6, 1), GraphTriple.End], // Elsewhere.
            [new(3, 5, 4), GraphTriple.End], // Begun elsewhere.
        ];
        foreach (GraphTriple[] answer in wrong)
            metrics.Add(row.Features, row.Label, Answer(row, answer));
        Assert.AreEqual(2, metrics.MinimalPaths);
        Assert.AreEqual(7, metrics.PathsFollowed);
        Assert.AreEqual(2.0 / 7, metrics.MinimalPathShare, 1e-12);
    }

    [TestMethod]
    public void AScoredViewIsCountedRowByRow()
    {
        var ml = new MLContext();
        GraphSequence row = GraphQuestion.ShortestPath(Graph, 1, 4);
        IDataView view = GraphCode.ToDataView(ml, [row, row, row]);
        IDataView scored = ml.Transforms.CopyColumns("PredictedLabel", "Label").Fit(view).Transform(view);

        GraphMetrics metrics = GraphMetrics.Evaluate(scored, featureColumnName: "Features");
        Assert.AreEqual(3, metrics.PathsRight);
        Assert.AreEqual(1.0, metrics.MinimalPathShare);
        Assert.AreEqual(1.0, GraphMetrics.Evaluate(scored).TripleAccuracy);
    }

    [TestMethod]
    public void LengthsMustAgree()
    {
        GraphSequence row = GraphQuestion.Traversal(Graph, 1, [20]);
        Assert.ThrowsExactly<ArgumentException>(() => new GraphMetrics().Add(row.Label, row.Label.AsSpan(9)));
        Assert.ThrowsExactly<ArgumentException>(() => new GraphMetrics().Add(row.Features.AsSpan(92), row.Label, row.Label));
    }

    private static uint[] Changed(GraphSequence row, int step, int digit)
    {
        uint[] answer = [.. row.Label];
        int first = Array.FindIndex(answer, key => key != 0);
        answer[first + step * 9 + digit] = answer[first + step * 9 + digit] % 10 + 1;
        return answer;
    }

    /// <summary>A prediction at every step, as a network gives one: the last triple goes on, before the answer nines.</summary>
    private static uint[] Answer(GraphSequence row, params GraphTriple[] triples)
    {
        uint[] answer = new uint[row.Label.Length];
        Array.Fill(answer, 10u);
        int first = Array.FindIndex(row.Label, key => key != 0);
        for (int i = 0; first + i * 9 < answer.Length; i++)
            GraphCode.WriteKeys(answer.AsSpan(first + i * 9, 9), triples[Math.Min(i, triples.Length - 1)]);
        return answer;
    }
}
