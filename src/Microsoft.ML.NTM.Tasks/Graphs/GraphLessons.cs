namespace Microsoft.ML.NTM;

/// <summary>The curricula of the graph tasks, easiest lesson first.</summary>
public static class GraphLessons
{
    /// <summary>Share of right answers at which to go on to the next lesson (Nature 538:471, Methods).</summary>
    public const double PassMark = 0.9;

    /// <summary>The 14 lessons of traversal (Nature 538:471, Extended Data).</summary>
    public static IReadOnlyList<GraphLesson> Traversal { get; } =
    [
        new(3, 10, 2, 4, 1, 1), new(3, 10, 2, 4, 1, 2),
        new(5, 10, 2, 4, 1, 3), new(5, 10, 2, 4, 1, 4),
        new(10, 15, 2, 4, 1, 4), new(10, 15, 2, 4, 1, 5),
        new(10, 20, 2, 4, 1, 5), new(10, 20, 2, 4, 1, 6),
        new(10, 30, 2, 4, 1, 6), new(10, 30, 2, 4, 1, 7), new(10, 30, 2, 4, 1, 8), new(10, 30, 2, 4, 1, 9),
        new(10, 40, 2, 6, 1, 10), new(10, 40, 2, 6, 1, 20),
    ];

    /// <summary>
    /// Lessons of shortest path: our own steps through the graph sizes of traversal, as far as random graphs have such paths.
    /// </summary>
    public static IReadOnlyList<GraphLesson> ShortestPath { get; } =
    [
        new(3, 10, 2, 4, 1, 1), new(3, 10, 2, 4, 1, 2),
        new(5, 10, 2, 4, 1, 3), new(5, 10, 2, 4, 1, 4),
        new(10, 15, 2, 4, 1, 4), new(10, 20, 2, 4, 1, 4), new(10, 20, 2, 4, 1, 5),
        new(10, 30, 2, 4, 1, 5), new(10, 40, 2, 4, 1, 5), new(10, 40, 2, 6, 1, 6),
    ];

    /// <summary>Lessons of inference, relations of 2 to 5 edges: our own steps through the graph sizes of traversal.</summary>
    public static IReadOnlyList<GraphLesson> Inference { get; } =
    [
        new(3, 10, 2, 4, 2, 2), new(5, 10, 2, 4, 2, 2), new(5, 10, 2, 4, 2, 3),
        new(10, 15, 2, 4, 2, 3), new(10, 15, 2, 4, 2, 4), new(10, 20, 2, 4, 2, 4), new(10, 20, 2, 4, 2, 5),
        new(10, 30, 2, 4, 2, 5), new(10, 40, 2, 6, 2, 5),
    ];
}
