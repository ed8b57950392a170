namespace Microsoft.ML.NTM;

/// <summary>A relation between nodes that means: follow these edges (mother, mother, brother: a great-uncle).</summary>
public sealed class GraphRelation
{
    /// <summary>A relation.</summary>
    /// <param name="label">What stands for it in questions: 1 to 999, not an edge's label.</param>
    /// <param name="name">Its name.</param>
    /// <param name="edges">The labels of the edges to follow, at least one.</param>
    /// <exception cref="ArgumentException">The label is out of its range or an edge's, or there are no edges.</exception>
    public GraphRelation(int label, string name, IEnumerable<int> edges)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(edges);
        Edges = [.. edges];
        if (label is < 1 or >= LabelledGraph.Labels)
            throw new ArgumentException($"Relation '{name}': label {label} is not 1 to {LabelledGraph.Labels - 1}.", nameof(label));
        if (Edges.Count == 0 || Edges.Contains(label))
            throw new ArgumentException($"Relation '{name}': it needs edges, and none with its own label {label}.", nameof(edges));
        (Label, Name) = (label, name);
    }

    /// <summary>What stands for it in questions.</summary>
    public int Label { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The labels of the edges to follow.</summary>
    public IReadOnlyList<int> Edges { get; }
}
