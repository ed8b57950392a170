namespace Microsoft.ML.NTM.Tests.Tasks.Graphs;

[TestClass]
public sealed class GraphQuestionTests
{
    private static readonly LabelledGraph Graph = new([new(7, 120, 305), new(305, 999, 7), new(305, 4, 11)]);

    [TestMethod]
    public void ATraversalDescribesAsksAndAnswersStepByStep()
    {
        GraphSequence row = GraphQuestion.Traversal(Graph, 7, [120, 4]);

        Assert.HasCount(8 * 92, row.Features);
        Assert.HasCount(8 * 9, row.Label);
        CollectionAssert.AreEquivalent(new[] { "007 120 305", "305 999 007", "305 004 011" }, Steps(row)[..3]);
        CollectionAssert.AreEqual(new[] { "007 120 ___", "___ 004 ___" }, Steps(row)[3..5]);
        CollectionAssert.AreEqual(new[] { "___ ___ ___", "___ ___ ___", "___ ___ ___" }, Steps(row)[5..]);
        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 1, 0, 1, 0, 0 }, Channel(row, 90));
        CollectionAssert.AreEqual(new float[] { 0, 0, 0, 0, 0, 1, 1, 1 }, Channel(row, 91));

        Assert.IsTrue(row.Label[..(5 * 9)].All(key => key == 0));
        CollectionAssert.AreEqual(new uint[] { 1, 1, 8, 2, 3, 1, 4, 1, 6 }, row.Label[45..54]);
        CollectionAssert.AreEqual(new uint[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 }, row.Label[63..]);
    }

    [TestMethod]
    public void AShortestPathHasPlanningStepsAndAnAnswerPhaseThatGivesNothingAway()
    {
        GraphSequence row = GraphQuestion.ShortestPath(Graph, 7, 11, answerSteps: 6);

        string[] steps = Steps(row);
        Assert.HasCount(3 + 1 + 10 + 6, steps);
        Assert.AreEqual("007 ___ 011", steps[3]);
        CollectionAssert.AreEqual(Enumerable.Range(0, 20).Select(t => t is 3 or 4 or 14 ? 1f : 0f).ToArray(), Channel(row, 90));
        CollectionAssert.AreEqual(Enumerable.Range(0, 20).Select(t => t >= 14 ? 1f : 0f).ToArray(), Channel(row, 91));
        Assert.IsTrue(row.Label[..(14 * 9)].All(key => key == 0));
        Assert.IsTrue(row.Label[(14 * 9)..(17 * 9)].All(key => key != 0));
        Assert.IsTrue(row.Label[(17 * 9)..].All(key => key == 0), "nothing is scored after the end");
    }

    [TestMethod]
    public void AnInferenceAsksForTheEndOfARelation()
    {
        GraphSequence row = GraphQuestion.Inference(Graph, 7, new GraphRelation(555, "next but one", [120, 4]));
        Assert.AreEqual("007 555 ___", Steps(row)[3]);
        CollectionAssert.AreEqual(new[] { new GraphTriple(7, 555, 11) }, GraphCode.ReadAnswer(row.Label).Triples.ToArray());
        Assert.HasCount(6, Steps(row));
    }

    [TestMethod]
    public void WhatIsWrittenIsReadBack()
    {
        GraphSequence row = GraphQuestion.Traversal(Graph, 7, [120, 999, 120]);
        CollectionAssert.AreEquivalent(Graph.Triples.ToArray(), GraphCode.ReadDescription(row.Features).ToArray());
        (IReadOnlyList<GraphTriple> triples, bool ended) = GraphCode.ReadAnswer(row.Label);
        CollectionAssert.AreEqual(new GraphTriple[] { new(7, 120, 305), new(305, 999, 7), new(7, 120, 305) }, triples.ToArray());
        Assert.IsTrue(ended);
    }

    [TestMethod]
    public void ImpossibleQuestionsAreRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => GraphQuestion.Traversal(Graph, 7, [4]));
        Assert.ThrowsExactly<ArgumentException>(() => GraphQuestion.Traversal(Graph, 7, []));
        Assert.ThrowsExactly<ArgumentException>(() => GraphQuestion.ShortestPath(Graph, 11, 7));
        Assert.ThrowsExactly<ArgumentException>(() => GraphQuestion.ShortestPath(Graph, 7, 11, answerSteps: 2));
        Assert.ThrowsExactly<ArgumentException>(() => GraphQuestion.Inference(Graph, 11, new GraphRelation(5, "x", [1])));
    }

    private static float[] Channel(GraphSequence row, int channel) => [.. row.Features.Chunk(92).Select(step => step[channel])];

    /// <summary>The triple part of every step, blanks where nothing is said.</summary>
    private static string[] Steps(GraphSequence row) => [.. row.Features.Chunk(92).Select(step => string.Join(' ',
        step[..90].Chunk(10).Select(Digit).Chunk(3).Select(label => new string(label))))];

    private static char Digit(float[] oneHot)
    {
        Assert.IsLessThanOrEqualTo(1f, oneHot.Sum());
        int digit = Array.IndexOf(oneHot, 1f);
        return digit < 0 ? '_' : (char)('0' + digit);
    }
}
