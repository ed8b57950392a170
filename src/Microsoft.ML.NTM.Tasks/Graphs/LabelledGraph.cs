namespace Microsoft.ML.NTM;

/// <summary>A directed graph whose nodes and edges have labels 0 to 999; a node's outgoing edges have different labels.</summary>
public sealed class LabelledGraph
{
    /// <summary>Labels are smaller than this: three decimal digits.</summary>
    public const int Labels = 1000;

    private readonly Dictionary<(int Node, int Edge), int> destinations = [];
    private readonly SortedDictionary<int, List<GraphTriple>> outgoing = [];

    /// <summary>A graph of the given edges.</summary>
    /// <param name="triples">Its edges.</param>
    /// <exception cref="ArgumentException">
    /// A label is not 0 to 999, an edge leads from a node to itself, or two edges of a node have the same label.
    /// </exception>
    public LabelledGraph(IEnumerable<GraphTriple> triples)
    {
        ArgumentNullException.ThrowIfNull(triples);
        Triples = [.. triples];
        foreach (GraphTriple triple in Triples)
        {
            if (new[] { triple.Source, triple.Edge, triple.Destination }.Any(label => label is < 0 or >= Labels))
                throw new ArgumentException($"{triple}: labels are 0 to {Labels - 1}.", nameof(triples));
            if (triple.Source == triple.Destination)
                throw new ArgumentException($"{triple}: an edge joins two different nodes.", nameof(triples));
            if (!destinations.TryAdd((triple.Source, triple.Edge), triple.Destination))
                throw new ArgumentException($"{triple}: node {triple.Source} has edge {triple.Edge} twice.", nameof(triples));
            if (!outgoing.TryGetValue(triple.Source, out List<GraphTriple>? edges))
                outgoing.Add(triple.Source, edges = []);
            edges.Add(triple);
            outgoing.TryAdd(triple.Destination, []);
        }
        foreach (List<GraphTriple> edges in outgoing.Values)
            edges.Sort((a, b) => a.Edge.CompareTo(b.Edge));
    }

    /// <summary>The edges, in the order given.</summary>
    public IReadOnlyList<GraphTriple> Triples { get; }

    /// <summary>The nodes' labels, ascending.</summary>
    public IReadOnlyCollection<int> Nodes => outgoing.Keys;

    /// <summary>A node's edges, by ascending label.</summary>
    /// <param name="node">The node's label.</param>
    /// <exception cref="KeyNotFoundException">There is no such node.</exception>
    public IReadOnlyList<GraphTriple> Outgoing(int node) => outgoing[node];

    /// <summary>Where an edge leads, or null where the node has no such edge.</summary>
    /// <param name="node">The node's label.</param>
    /// <param name="edge">The edge's label.</param>
    public int? Follow(int node, int edge) => destinations.TryGetValue((node, edge), out int destination) ? destination : null;

    /// <summary>The edges passed when following labels from a node, or null where one of them is missing.</summary>
    /// <param name="source">Where to begin.</param>
    /// <param name="edges">The labels of the edges to follow.</param>
    public IReadOnlyList<GraphTriple>? Walk(int source, IEnumerable<int> edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        var path = new List<GraphTriple>();
        foreach (int edge in edges)
        {
            if (Follow(source, edge) is not int destination)
                return null;
            path.Add(new GraphTriple(source, edge, destination));
            source = destination;
        }
        return path;
    }

    /// <summary>Edges on the shortest way from a node to every node it can reach, itself (0) included.</summary>
    /// <param name="source">The node's label.</param>
    /// <exception cref="KeyNotFoundException">There is no such node.</exception>
    public IReadOnlyDictionary<int, int> Distances(int source)
    {
        var distances = new Dictionary<int, int> { [source] = 0 };
        var queue = new Queue<int>([source]);
        while (queue.TryDequeue(out int node))
        {
            foreach (GraphTriple triple in outgoing[node])
            {
                if (distances.TryAdd(triple.Destination, distances[node] + 1))
                    queue.Enqueue(triple.Destination);
            }
        }
        return distances;
    }

    /// <summary>
    /// A shortest path: of several, the one whose edge labels come first in order, so that equal questions have equal answers. Empty from a
    /// node to itself, null where there is no way.
    /// </summary>
    /// <param name="source">Where to begin.</param>
    /// <param name="destination">Where to end.</param>
    /// <exception cref="KeyNotFoundException">There is no such node.</exception>
    public IReadOnlyList<GraphTriple>? ShortestPath(int source, int destination)
    {
        var arrivals = new Dictionary<int, GraphTriple?> { [source] = null };
        var queue = new Queue<int>([source]);
        // Breadth first by ascending label: nodes of a level are met in the order of their first paths.
        while (!arrivals.ContainsKey(destination) && queue.TryDequeue(out int node))
        {
            foreach (GraphTriple triple in outgoing[node])
            {
                if (arrivals.TryAdd(triple.Destination, triple))
                    queue.Enqueue(triple.Destination);
            }
        }
        if (!arrivals.TryGetValue(destination, out GraphTriple? arrival))
            return null;
        var path = new List<GraphTriple>();
        for (; arrival is GraphTriple triple; arrival = arrivals[triple.Source])
            path.Add(triple);
        path.Reverse();
        return path;
    }
}
