using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>Traversal: follow edges through a random graph and say the triples passed (Nature 538:471). Paths are random walks.</summary>
/// <param name="lesson">The lesson, 1 to 14.</param>
/// <param name="earlierShare">Share of rows from earlier lessons, 0 to 1; the paper's 10 % by default.</param>
/// <param name="seed">What all rows are derived from.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
public sealed class TraversalTask(int lesson = 1, double earlierShare = 0.1, int seed = 0)
    : GraphTask(GraphLessons.Traversal, lesson, earlierShare, seed)
{
    private protected override GraphSequence Generate(GraphLesson lesson, SeededRandom random)
    {
        NeighbourGraph layout = NeighbourGraph.Random(lesson, random);
        LabelledGraph graph = layout.WithRandomLabels(random);
        int source = layout.NodeLabels[random.Next(0, layout.NodeLabels.Length - 1)];
        int[] edges = new int[random.Next(lesson.MinPath, lesson.MaxPath)];
        int node = source;
        for (int i = 0; i < edges.Length; i++)
        {
            IReadOnlyList<GraphTriple> outgoing = graph.Outgoing(node);
            GraphTriple step = outgoing[random.Next(0, outgoing.Count - 1)];
            edges[i] = step.Edge;
            node = step.Destination;
        }
        return GraphQuestion.Traversal(graph, source, edges, random);
    }
}
