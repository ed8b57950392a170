namespace Microsoft.ML.NTM.Tests.Tasks.Algorithmic;

[TestClass]
public sealed class AssociativeRecallTaskTests
{
    private const int Width = 8;

    [TestMethod]
    public void TheAnswerIsTheItemAfterTheAskedOne()
    {
        foreach (TaskSequence row in new AssociativeRecallTask(seed: 1).Rows(300))
        {
            int[] itemMarkers = [.. Marked(row, 6)];
            int[] queryMarkers = [.. Marked(row, 7)];
            int items = itemMarkers.Length;
            Assert.IsInRange(2, 6, items);
            Assert.HasCount(2, queryMarkers);
            Assert.AreEqual(4 * items, queryMarkers[0]);
            Assert.AreEqual(queryMarkers[0] + 4, queryMarkers[1]);
            Assert.AreEqual(queryMarkers[1] + 4, row.OutputLength);

            string query = Item(row, queryMarkers[0]);
            int[] matches = [.. Enumerable.Range(0, items - 1).Where(i => Item(row, itemMarkers[i]) == query)];
            string answer = string.Concat(row.Label.Where(float.IsFinite));
            Assert.IsTrue(matches.Any(i => Item(row, itemMarkers[i + 1]) == answer));
            Assert.AreEqual(18, answer.Length);
            Assert.IsTrue(row.Label[..((queryMarkers[1] + 1) * 6)].All(float.IsNaN));
            Assert.IsTrue(row.Features[((queryMarkers[1] + 1) * Width)..].All(x => x == 0));
        }
    }

    [TestMethod]
    public void EveryItemButTheLastIsAskedFor()
    {
        var asked = new HashSet<int>();
        foreach (TaskSequence row in new AssociativeRecallTask(minItems: 6, maxItems: 6, seed: 2).Rows(200))
            asked.Add(Enumerable.Range(0, 6).First(i => Item(row, 4 * i) == Item(row, 24)));
        CollectionAssert.AreEquivalent(new[] { 0, 1, 2, 3, 4 }, asked.ToArray());
    }

    private static IEnumerable<int> Marked(TaskSequence row, int channel) =>
        Enumerable.Range(0, row.OutputLength).Where(t => row.Features[t * Width + channel] == 1);

    /// <summary>The three vectors after a marker step.</summary>
    private static string Item(TaskSequence row, int marker) => string.Concat(
        Enumerable.Range(marker + 1, 3).SelectMany(t => row.Features[(t * Width)..(t * Width + 6)]));
}
