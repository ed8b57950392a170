using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>
/// Shortest path: say a path with the fewest edges between two nodes of a random graph (Nature 538:471). The length asked for is drawn
/// first, among those the source has, so long paths are not rare. Of several minimal paths the label is the first by edge labels;
/// <see cref="GraphMetrics"/> accepts any of them.
/// </summary>
/// <remarks>
/// Learned by imitation with silent answer steps: the paper feeds the moves chosen back into the network and mixes its own with the optimal
/// ones, which a fixed data set cannot do.
/// </remarks>
/// <param name="lesson">The lesson, 1 to 10.</param>
/// <param name="earlierShare">Share of rows from earlier lessons, 0 to 1; the paper's 10 % by default.</param>
/// <param name="seed">What all rows are derived from.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
public sealed class ShortestPathTask(int lesson = 1, double earlierShare = 0.1, int seed = 0)
    : GraphTask(GraphLessons.ShortestPath, lesson, earlierShare, seed)
{
    private protected override GraphSequence Generate(GraphLesson lesson, SeededRandom random)
    {
        NeighbourGraph layout = NeighbourGraph.Random(lesson, random);
        LabelledGraph graph = layout.WithRandomLabels(random);
        int source = layout.NodeLabels[random.Next(0, layout.NodeLabels.Length - 1)];
        // Every node has edges, so there is always a destination at distance 1.
        ILookup<int, int> byDistance = graph.Distances(source).ToLookup(node => node.Value, node => node.Key);
        int farthest = Math.Min(lesson.MaxPath, byDistance.Max(group => group.Key));
        int[] destinations = [.. byDistance[random.Next(lesson.MinPath, farthest)].Order()];
        int destination = destinations[random.Next(0, destinations.Length - 1)];
        return GraphQuestion.ShortestPath(graph, source, destination, lesson.MaxPath + 1, random);
    }
}
