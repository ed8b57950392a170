namespace Microsoft.ML.NTM.Tests.Tasks.Graphs;

[TestClass]
public sealed class LabelledGraphTests
{
    // 1 -10-> 2 -10-> 4; 1 -20-> 3 -5-> 4; 4 -1-> 5; 6 -1-> 1.
    private static readonly LabelledGraph Graph = new(
        [new(1, 20, 3), new(1, 10, 2), new(2, 10, 4), new(3, 5, 4), new(4, 1, 5), new(6, 1, 1)]);

    [TestMethod]
    public void FollowingLabelsPassesTheirTriples()
    {
        CollectionAssert.AreEqual(new GraphTriple[] { new(1, 20, 3), new(3, 5, 4) }, Graph.Walk(1, [20, 5])!.ToArray());
        Assert.IsNull(Graph.Walk(1, [20, 6]));
    }

    [TestMethod]
    public void OfSeveralShortestPathsTheFirstByEdgeLabelsIsTaken()
    {
        CollectionAssert.AreEqual(new GraphTriple[] { new(1, 10, 2), new(2, 10, 4), new(4, 1, 5) }, Graph.ShortestPath(1, 5)!.ToArray());
        Assert.IsEmpty(Graph.ShortestPath(1, 1)!);
        Assert.IsNull(Graph.ShortestPath(5, 1));
    }

    [TestMethod]
    public void DistancesCountEdgesOfReachableNodes()
    {
        IReadOnlyDictionary<int, int> distances = Graph.Distances(1);
        CollectionAssert.AreEquivalent(
            new Dictionary<int, int> { [1] = 0, [2] = 1, [3] = 1, [4] = 2, [5] = 3 }.ToArray(), distances.ToArray());
    }

    [TestMethod]
    public void GraphsThatCannotBeToldApartAreRefused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new LabelledGraph([new(1, 5, 2), new(1, 5, 3)]));
        Assert.ThrowsExactly<ArgumentException>(() => new LabelledGraph([new(1, 5, 1)]));
        Assert.ThrowsExactly<ArgumentException>(() => new LabelledGraph([new(1, 5, 1000)]));
    }
}
