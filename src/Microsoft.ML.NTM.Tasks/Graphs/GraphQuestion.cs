using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>Questions about a graph as sequences, in the code of <see cref="GraphCode"/>.</summary>
public static class GraphQuestion
{
    /// <summary>Silent steps between a shortest-path question and its answer.</summary>
    public const int PlanningSteps = 10;

    /// <summary>
    /// Which nodes are passed when following these edges? Question: (source, edge, _), then (_, edge, _) for each further edge; answer: the
    /// completed triples.
    /// </summary>
    /// <param name="graph">The graph to describe.</param>
    /// <param name="source">Where to begin.</param>
    /// <param name="edges">The labels of the edges to follow, at least one.</param>
    /// <param name="seed">Order in which the graph's triples are described.</param>
    /// <exception cref="ArgumentException">There are no edges, or the graph lacks one of them.</exception>
    public static GraphSequence Traversal(LabelledGraph graph, int source, IReadOnlyList<int> edges, int seed = 0) =>
        Traversal(graph, source, edges, SeededRandom.ForRow(seed, 0));

    /// <summary>
    /// How does one get there with the fewest edges? Question: (source, _, destination); then <see cref="PlanningSteps"/> silent steps;
    /// answer: the path's triples. The answer phase may be longer than the path, so that its length gives nothing away.
    /// </summary>
    /// <param name="graph">The graph to describe.</param>
    /// <param name="source">Where to begin.</param>
    /// <param name="destination">Where to end: another node.</param>
    /// <param name="answerSteps">Steps of the answer phase, more than the path has edges; null: one more.</param>
    /// <param name="seed">Order in which the graph's triples are described.</param>
    /// <exception cref="ArgumentException">There is no way, it has no edges, or it does not fit into the answer phase.</exception>
    public static GraphSequence ShortestPath(LabelledGraph graph, int source, int destination, int? answerSteps = null, int seed = 0) =>
        ShortestPath(graph, source, destination, answerSteps, SeededRandom.ForRow(seed, 0));

    /// <summary>
    /// Who stands in this relation? Question: (source, relation, _); answer: the completed triple. What the relation's label means is not
    /// told: the network has to have learned it.
    /// </summary>
    /// <param name="graph">The graph to describe.</param>
    /// <param name="source">Whose relation.</param>
    /// <param name="relation">The relation.</param>
    /// <param name="seed">Order in which the graph's triples are described.</param>
    /// <exception cref="ArgumentException">Nobody stands in the relation.</exception>
    public static GraphSequence Inference(LabelledGraph graph, int source, GraphRelation relation, int seed = 0) =>
        Inference(graph, source, relation, SeededRandom.ForRow(seed, 0));

    internal static GraphSequence Traversal(LabelledGraph graph, int source, IReadOnlyList<int> edges, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(edges);
        IReadOnlyList<GraphTriple> path = graph.Walk(source, edges) is { Count: > 0 } found ? found
            : throw new ArgumentException($"There is no walk from {source} over the edges [{string.Join(", ", edges)}].", nameof(edges));
        var question = new (int?, int?, int?)[edges.Count];
        for (int i = 0; i < edges.Count; i++)
            question[i] = (i == 0 ? source : null, edges[i], null);
        return Encode(graph, question, planningSteps: 0, path, path.Count + 1, random);
    }

    internal static GraphSequence ShortestPath(LabelledGraph graph, int source, int destination, int? answerSteps, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(graph);
        IReadOnlyList<GraphTriple> path = graph.ShortestPath(source, destination) is { Count: > 0 } found ? found
            : throw new ArgumentException($"There is no path from {source} to {destination}.", nameof(destination));
        int steps = answerSteps ?? path.Count + 1;
        if (steps <= path.Count)
            throw new ArgumentException($"A path of {path.Count} edges and its end do not fit into {steps} steps.", nameof(answerSteps));
        return Encode(graph, [(source, null, destination)], PlanningSteps, path, steps, random);
    }

    internal static GraphSequence Inference(LabelledGraph graph, int source, GraphRelation relation, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(relation);
        IReadOnlyList<GraphTriple> path = graph.Walk(source, relation.Edges)
            ?? throw new ArgumentException($"Node {source} has no {relation.Name} in this graph.", nameof(relation));
        GraphTriple answer = new(source, relation.Label, path[^1].Destination);
        return Encode(graph, [(source, relation.Label, null)], planningSteps: 0, [answer], 2, random);
    }

    private static GraphSequence Encode(LabelledGraph graph, ReadOnlySpan<(int? Source, int? Edge, int? Destination)> question,
        int planningSteps, IReadOnlyList<GraphTriple> answer, int answerSteps, SeededRandom random)
    {
        GraphTriple[] description = [.. graph.Triples];
        random.Shuffle<GraphTriple>(description);
        int planning = description.Length + question.Length;
        int answers = planning + planningSteps;
        int steps = answers + answerSteps;
        float[] features = new float[steps * GraphCode.FeatureSize]; // [T, 92]
        uint[] label = new uint[steps * GraphCode.Digits]; // [T, 9]

        for (int t = 0; t < description.Length; t++)
            Write(t, description[t].Source, description[t].Edge, description[t].Destination);
        for (int i = 0; i < question.Length; i++)
            Write(description.Length + i, question[i].Source, question[i].Edge, question[i].Destination);
        foreach (int begin in (int[])[description.Length, planning, answers])
            Step(begin)[GraphCode.PhaseFlag] = 1;
        for (int t = answers; t < steps; t++)
            Step(t)[GraphCode.AnswerFlag] = 1;
        for (int i = 0; i <= answer.Count; i++)
        {
            GraphTriple triple = i < answer.Count ? answer[i] : GraphTriple.End;
            GraphCode.WriteKeys(label.AsSpan((answers + i) * GraphCode.Digits, GraphCode.Digits), triple);
        }
        return new GraphSequence { Features = features, Label = label };

        Span<float> Step(int t) => features.AsSpan(t * GraphCode.FeatureSize, GraphCode.FeatureSize);

        void Write(int t, params ReadOnlySpan<int?> labels)
        {
            for (int slot = 0; slot < labels.Length; slot++)
            {
                if (labels[slot] is int value)
                    GraphCode.WriteLabel(Step(t), slot, value);
            }
        }
    }
}
