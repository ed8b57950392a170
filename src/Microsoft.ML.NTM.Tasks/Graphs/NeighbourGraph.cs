namespace Microsoft.ML.NTM.Tasks;

/// <summary>
/// Random graphs that look like maps (Nature 538:471, Methods): points uniform in the unit square, each joined to its K nearest, K uniform
/// per node; node labels unique, edge labels distinct per node.
/// </summary>
internal sealed class NeighbourGraph
{
    private NeighbourGraph(int[] labels, int[][] neighbours) => (NodeLabels, Neighbours) = (labels, neighbours);

    /// <summary>The label of each node: [n].</summary>
    public int[] NodeLabels { get; }

    /// <summary>Places of the nodes that each node is joined to: [n][K].</summary>
    public int[][] Neighbours { get; }

    /// <summary>A graph of a lesson's size, its edges without labels yet.</summary>
    public static NeighbourGraph Random(GraphLesson lesson, SeededRandom random)
    {
        int nodes = random.Next(lesson.MinNodes, lesson.MaxNodes);
        var points = new (double X, double Y)[nodes];
        for (int i = 0; i < nodes; i++)
            points[i] = (random.NextDouble(), random.NextDouble());

        int[][] neighbours = new int[nodes][];
        for (int i = 0; i < nodes; i++)
        {
            int degree = Math.Min(random.Next(lesson.MinDegree, lesson.MaxDegree), nodes - 1);
            neighbours[i] =
                [.. Enumerable.Range(0, nodes).Where(j => j != i).OrderBy(j => SquaredDistance(points[i], points[j])).Take(degree)];
        }
        return new NeighbourGraph(random.Distinct(nodes, LabelledGraph.Labels), neighbours);
    }

    /// <summary>The graph with random edge labels.</summary>
    public LabelledGraph WithRandomLabels(SeededRandom random) => WithLabels(
        [.. Neighbours.Select(edges => random.Distinct(edges.Length, LabelledGraph.Labels))]);

    /// <summary>
    /// The graph with edge labels of a vocabulary such that the edges can be followed from some node; null where this attempt found no room
    /// for them.
    /// </summary>
    public (LabelledGraph Graph, int Source)? WithWalk(IReadOnlyList<int> walk, IReadOnlyList<int> vocabulary, SeededRandom random)
    {
        int?[][] labels = [.. Neighbours.Select(edges => new int?[edges.Length])];
        int source = random.Next(0, Neighbours.Length - 1);
        int node = source;
        foreach (int edge in walk)
        {
            int taken = Array.IndexOf(labels[node], edge);
            if (taken < 0)
            {
                int[] free = [.. Enumerable.Range(0, labels[node].Length).Where(i => labels[node][i] is null)];
                if (free.Length == 0)
                    return null;
                taken = free[random.Next(0, free.Length - 1)];
                labels[node][taken] = edge;
            }
            node = Neighbours[node][taken];
        }

        int[][] complete = new int[labels.Length][];
        for (int i = 0; i < labels.Length; i++)
        {
            int[] unused = [.. vocabulary.Except(labels[i].OfType<int>())];
            random.Shuffle<int>(unused);
            int next = 0;
            complete[i] = [.. labels[i].Select(label => label ?? unused[next++])];
        }
        return (WithLabels(complete), NodeLabels[source]);
    }

    private LabelledGraph WithLabels(int[][] edgeLabels)
    {
        var triples = new List<GraphTriple>();
        for (int i = 0; i < Neighbours.Length; i++)
        {
            for (int k = 0; k < Neighbours[i].Length; k++)
                triples.Add(new GraphTriple(NodeLabels[i], edgeLabels[i][k], NodeLabels[Neighbours[i][k]]));
        }
        return new LabelledGraph(triples);
    }

    private static double SquaredDistance((double X, double Y) a, (double X, double Y) b) =>
        (a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y);
}
