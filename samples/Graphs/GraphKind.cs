using Microsoft.ML;
using Microsoft.ML.NTM;

/// <summary>One of the paper's graph tasks: its lessons, its sequences and what counts as right.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Lessons">Easiest first.</param>
/// <param name="Make">Sequences of a lesson, a share of them of earlier ones, and a seed.</param>
/// <param name="Right">What the share says.</param>
internal sealed record GraphKind(string Name, IReadOnlyList<GraphLesson> Lessons, Func<int, double, int, GraphTask> Make, string Right)
{
    private static readonly GraphKind[] s_all =
    [
        new("traversal", GraphLessons.Traversal, (lesson, earlier, seed) => new TraversalTask(lesson, earlier, seed), "triples right"),
        new("shortest-path", GraphLessons.ShortestPath, (lesson, earlier, seed) => new ShortestPathTask(lesson, earlier, seed),
            "shortest paths"),
        new("inference", GraphLessons.Inference, (lesson, earlier, seed) => new InferenceTask(lesson, earlierShare: earlier, seed: seed),
            "triples right"),
    ];

    /// <summary>The task of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static GraphKind Of(string name) => s_all.FirstOrDefault(kind => kind.Name == name)
        ?? throw new ArgumentException($"There is no task '{name}'. There are: {string.Join(", ", s_all.Select(kind => kind.Name))}.");

    /// <summary>The share that is right: of triples; of shortest paths, of those that are as short as can be, whichever they are.</summary>
    public double Share(IDataView scored) => Name == "shortest-path"
        ? GraphMetrics.Evaluate(scored, featureColumnName: "Features").MinimalPathShare : GraphMetrics.Evaluate(scored).TripleAccuracy;
}
