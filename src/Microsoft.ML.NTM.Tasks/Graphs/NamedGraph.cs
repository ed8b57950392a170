using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>A graph whose nodes and edges have names for people beside their labels for networks.</summary>
public sealed class NamedGraph
{
    private readonly IReadOnlyDictionary<int, string> nodeNames;
    private readonly IReadOnlyDictionary<int, string> edgeNames;

    internal NamedGraph(LabelledGraph graph, IReadOnlyDictionary<int, string> nodeNames, IReadOnlyDictionary<int, string> edgeNames) =>
        (Graph, this.nodeNames, this.edgeNames) = (graph, nodeNames, edgeNames);

    /// <summary>The graph.</summary>
    public LabelledGraph Graph { get; }

    /// <summary>A node's name; its label where it has none (a network may say anything).</summary>
    /// <param name="label">The label.</param>
    public string NodeName(int label) => nodeNames.TryGetValue(label, out string? name) ? name : $"{label:000}";

    /// <summary>An edge's name; its label where it has none.</summary>
    /// <param name="label">The label.</param>
    public string EdgeName(int label) => edgeNames.TryGetValue(label, out string? name) ? name : $"{label:000}";

    /// <summary>The label of a node.</summary>
    /// <param name="name">Its name, in any case.</param>
    /// <exception cref="KeyNotFoundException">No node has this name.</exception>
    public int NodeLabel(string name) => Label(nodeNames, name);

    /// <summary>The label of an edge.</summary>
    /// <param name="name">Its name, in any case.</param>
    /// <exception cref="KeyNotFoundException">No edge has this name.</exception>
    public int EdgeLabel(string name) => Label(edgeNames, name);

    /// <summary>A triple in words: <c>source - edge - destination</c>.</summary>
    /// <param name="triple">The triple.</param>
    public string Describe(GraphTriple triple) =>
        $"{NodeName(triple.Source)} - {EdgeName(triple.Edge)} - {NodeName(triple.Destination)}";

    /// <summary>
    /// Journeys: shortest paths between random nodes, to be asked for edge by edge (<see cref="GraphQuestion.Traversal(LabelledGraph, int,
    /// IReadOnlyList{int}, int)"/>) or as a whole. Every enumeration gives the same ones.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="minLength">Fewest edges, at least 1.</param>
    /// <param name="maxLength">Most edges.</param>
    /// <param name="seed">What they are derived from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or no two nodes are that far apart.</exception>
    public IEnumerable<IReadOnlyList<GraphTriple>> Journeys(int count, int minLength, int maxLength, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        TaskRange.Check(minLength, maxLength, 1);
        (int Source, int Destination)[] pairs = [.. Graph.Nodes.SelectMany(source => Graph.Distances(source)
            .Where(node => node.Value >= minLength && node.Value <= maxLength)
            .Select(node => (source, node.Key))).Order()];
        if (pairs.Length == 0)
            throw new ArgumentOutOfRangeException(nameof(minLength), minLength, "No two nodes are that far apart.");
        return Draw();

        IEnumerable<IReadOnlyList<GraphTriple>> Draw()
        {
            SeededRandom random = SeededRandom.ForRow(seed, 0);
            for (int i = 0; i < count; i++)
            {
                (int source, int destination) = pairs[random.Next(0, pairs.Length - 1)];
                yield return Graph.ShortestPath(source, destination)!;
            }
        }
    }

    /// <summary>The part around a node: the node, those with the shortest ways from it, and all edges among them.</summary>
    /// <param name="node">The node's label.</param>
    /// <param name="count">Nodes of the part, at least 2; of equally near ones those with the lowest labels.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 2.</exception>
    /// <exception cref="KeyNotFoundException">There is no such node.</exception>
    public NamedGraph Around(int node, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        HashSet<int> near = [.. Graph.Distances(node).OrderBy(other => (other.Value, other.Key)).Take(count).Select(other => other.Key)];
        var part = new LabelledGraph(Graph.Triples.Where(triple => near.Contains(triple.Source) && near.Contains(triple.Destination)));
        return new NamedGraph(part, nodeNames, edgeNames);
    }

    private static int Label(IReadOnlyDictionary<int, string> names, string name)
    {
        foreach ((int label, string known) in names)
        {
            if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase))
                return label;
        }
        throw new KeyNotFoundException($"The graph has no '{name}'.");
    }
}
