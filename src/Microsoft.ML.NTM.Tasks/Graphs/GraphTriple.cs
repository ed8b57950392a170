namespace Microsoft.ML.NTM;

/// <summary>A directed edge with its label. Labels are 0 to 999: three digits each.</summary>
/// <param name="Source">Label of the node it leaves.</param>
/// <param name="Edge">Label of the edge, unlike those of the source's other edges.</param>
/// <param name="Destination">Label of the node it reaches.</param>
public readonly record struct GraphTriple(int Source, int Edge, int Destination)
{
    /// <summary>
    /// What ends an answer: 000 000 000. It would be an edge from a node to itself, which no graph here has, so no label is lost to it.
    /// </summary>
    public static GraphTriple End { get; }
}
