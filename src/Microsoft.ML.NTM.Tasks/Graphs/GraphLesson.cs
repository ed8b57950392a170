namespace Microsoft.ML.NTM;

/// <summary>How hard the graphs and questions of a lesson are. All ends are included.</summary>
/// <param name="MinNodes">Fewest nodes.</param>
/// <param name="MaxNodes">Most nodes.</param>
/// <param name="MinDegree">Fewest edges leaving a node; a graph too small for it joins each node to all others.</param>
/// <param name="MaxDegree">Most edges leaving a node.</param>
/// <param name="MinPath">Fewest edges of a path, or of a relation.</param>
/// <param name="MaxPath">Most edges of a path, or of a relation.</param>
public sealed record GraphLesson(int MinNodes, int MaxNodes, int MinDegree, int MaxDegree, int MinPath, int MaxPath);
