using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>
/// Inference: say who stands in a relation to a node, where a relation is a label for a fixed sequence of 2 to 5 edges that is never
/// spelled out in the input (Nature 538:471). The graphs are random; their edges have the labels that the relations are made of.
/// </summary>
public sealed class InferenceTask : GraphTask
{
    private readonly int[] vocabulary;

    /// <summary>A lesson of the curriculum.</summary>
    /// <param name="lesson">The lesson, 1 to 9.</param>
    /// <param name="relations">The relations to learn, the same for all lessons; null: those of <see cref="FamilyTree"/>.</param>
    /// <param name="earlierShare">Share of rows from earlier lessons, 0 to 1; the paper's 10 % by default.</param>
    /// <param name="seed">What all rows are derived from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="ArgumentException">
    /// A lesson up to this one has no relation of its lengths, a label means two relations or also an edge, or there are too few edge
    /// labels for a node's edges.
    /// </exception>
    public InferenceTask(int lesson = 1, IEnumerable<GraphRelation>? relations = null, double earlierShare = 0.1, int seed = 0)
        : base(GraphLessons.Inference, lesson, earlierShare, seed)
    {
        Relations = [.. relations ?? FamilyTree.Relations];
        vocabulary = [.. Relations.SelectMany(relation => relation.Edges).Distinct().Order()];
        if (Relations.DistinctBy(relation => relation.Label).Count() < Relations.Count)
            throw new ArgumentException("A label means two relations.", nameof(relations));
        if (Relations.Any(relation => vocabulary.Contains(relation.Label)))
            throw new ArgumentException("A label means a relation and an edge.", nameof(relations));
        for (int i = 0; i < lesson; i++)
        {
            if (vocabulary.Length < Lessons[i].MaxDegree)
                throw new ArgumentException(
                    $"Lesson {i + 1} needs {Lessons[i].MaxDegree} edge labels, the relations have {vocabulary.Length}.", nameof(relations));
            if (!Fitting(Lessons[i]).Any())
                throw new ArgumentException($"No relation has {Lessons[i].MinPath} to {Lessons[i].MaxPath} edges (lesson {i + 1}).",
                    nameof(relations));
        }
    }

    /// <summary>The relations to learn.</summary>
    public IReadOnlyList<GraphRelation> Relations { get; }

    /// <summary>Random relations, for families without names: labels of edges come before those of relations.</summary>
    /// <param name="perLength">Relations of each length from 2 to 5.</param>
    /// <param name="edgeLabels">Edge labels they are made of, at least 2.</param>
    /// <param name="seed">What they are derived from.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A number is too small, there are more relations asked for than sequences of two edges, or more labels than 999.
    /// </exception>
    public static IReadOnlyList<GraphRelation> RandomRelations(int perLength = 10, int edgeLabels = 10, int seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(edgeLabels, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(perLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(perLength, (long)edgeLabels * edgeLabels);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(edgeLabels + 4L * perLength, LabelledGraph.Labels - 1, nameof(perLength));
        SeededRandom random = SeededRandom.ForRow(seed, 0);
        var relations = new List<GraphRelation>();
        for (int length = 2; length <= 5; length++)
        {
            var seen = new HashSet<string>();
            while (seen.Count < perLength)
            {
                int[] edges = [.. Enumerable.Range(0, length).Select(_ => random.Next(1, edgeLabels))];
                string name = string.Join('-', edges);
                if (seen.Add(name))
                    relations.Add(new GraphRelation(edgeLabels + relations.Count + 1, name, edges));
            }
        }
        return relations;
    }

    private protected override GraphSequence Generate(GraphLesson lesson, SeededRandom random)
    {
        GraphRelation[] fitting = [.. Fitting(lesson)];
        while (true)
        {
            GraphRelation relation = fitting[random.Next(0, fitting.Length - 1)];
            if (NeighbourGraph.Random(lesson, random).WithWalk(relation.Edges, vocabulary, random) is (LabelledGraph graph, int source))
                return GraphQuestion.Inference(graph, source, relation, random);
        }
    }

    private IEnumerable<GraphRelation> Fitting(GraphLesson lesson) =>
        Relations.Where(relation => relation.Edges.Count >= lesson.MinPath && relation.Edges.Count <= lesson.MaxPath);
}
