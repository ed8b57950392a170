using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Tasks.Graphs;

[TestClass]
public sealed class GraphTaskTests
{
    public static IEnumerable<GraphTask> AllTasks =>
        [new TraversalTask(5, seed: 1), new ShortestPathTask(5, seed: 1), new InferenceTask(5, seed: 1)];

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void EveryCursorGivesTheSameRowsEvenTwoAtOnce(GraphTask task)
    {
        IDataView view = task.ToDataView(new MLContext(), 5, first: 3);
        using DataViewRowCursor one = view.GetRowCursor(view.Schema), two = view.GetRowCursor(view.Schema);
        one.MoveNext();
        for (int i = 0; i < 5; i++)
        {
            Assert.IsTrue(two.MoveNext());
            GraphSequence expected = task.Row(3 + i);
            CollectionAssert.AreEqual(expected.Features, Read<float>(one, "Features"));
            CollectionAssert.AreEqual(expected.Label, Read<uint>(two, "Label"));
            Assert.AreEqual(i < 4, one.MoveNext());
        }
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void TheSchemaSaysNineKeysOfTenDigitsPerStep(GraphTask task)
    {
        DataViewSchema schema = task.ToDataView(new MLContext(), 1).Schema;
        CollectionAssert.AreEqual(new[] { 0, 92 }, ((VectorDataViewType)schema["Features"].Type).Dimensions.ToArray());
        var label = (VectorDataViewType)schema["Label"].Type;
        CollectionAssert.AreEqual(new[] { 0, 9 }, label.Dimensions.ToArray());
        Assert.AreEqual(10ul, ((KeyDataViewType)label.ItemType).Count);
        VBuffer<ReadOnlyMemory<char>> digits = default;
        schema["Label"].GetKeyValues(ref digits);
        Assert.AreEqual("0123456789", string.Concat(digits.DenseValues()));
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void TenPercentOfRowsAreOfEarlierLessons(GraphTask task)
    {
        int[] lessons = [.. task.Rows(1_500).Select(row => row.Lesson)];
        int earlier = lessons.Count(lesson => lesson < 5);
        Assert.IsInRange(100, 200, earlier); // 150 expected, standard deviation 12
        CollectionAssert.AreEquivalent(new[] { 1, 2, 3, 4, 5 }, lessons.Distinct().ToArray());
    }

    [TestMethod]
    public void EveryTraversalLessonKeepsItsSizes()
    {
        for (int lesson = 1; lesson <= 14; lesson++)
        {
            GraphLesson sizes = GraphLessons.Traversal[lesson - 1];
            foreach (GraphSequence row in new TraversalTask(lesson, earlierShare: 0, seed: lesson).Rows(30))
            {
                LabelledGraph graph = CheckGraph(row, sizes);
                (IReadOnlyList<GraphTriple> path, bool ended) = GraphCode.ReadAnswer(row.Label);
                Assert.IsTrue(ended);
                Assert.IsInRange(sizes.MinPath, sizes.MaxPath, path.Count);
                CollectionAssert.AreEqual(graph.Walk(path[0].Source, path.Select(step => step.Edge))!.ToArray(), path.ToArray());
            }
        }
    }

    [TestMethod]
    public void ShortestPathsAreMinimalAndOfAllLengths()
    {
        for (int lesson = 1; lesson <= GraphLessons.ShortestPath.Count; lesson++)
        {
            GraphLesson sizes = GraphLessons.ShortestPath[lesson - 1];
            var lengths = new HashSet<int>();
            foreach (GraphSequence row in new ShortestPathTask(lesson, earlierShare: 0, seed: lesson).Rows(100))
            {
                LabelledGraph graph = CheckGraph(row, sizes);
                IReadOnlyList<GraphTriple> path = GraphCode.ReadAnswer(row.Label).Triples;
                Assert.AreEqual(graph.Distances(path[0].Source)[path[^1].Destination], path.Count);
                Assert.AreEqual(sizes.MaxPath + 1, row.Features.Chunk(92).Count(step => step[91] == 1));
                lengths.Add(path.Count);
            }
            Assert.HasCount(sizes.MaxPath, lengths, $"lesson {lesson}");
        }
    }

    [TestMethod]
    public void InferencesEndWhereTheirRelationLeads()
    {
        for (int lesson = 1; lesson <= GraphLessons.Inference.Count; lesson++)
        {
            GraphLesson sizes = GraphLessons.Inference[lesson - 1];
            var task = new InferenceTask(lesson, earlierShare: 0, seed: lesson);
            foreach (GraphSequence row in task.Rows(30))
            {
                LabelledGraph graph = CheckGraph(row, sizes);
                GraphTriple answer = GraphCode.ReadAnswer(row.Label).Triples.Single();
                GraphRelation relation = task.Relations.Single(relation => relation.Label == answer.Edge);
                Assert.IsInRange(sizes.MinPath, sizes.MaxPath, relation.Edges.Count);
                Assert.AreEqual(answer.Destination, graph.Walk(answer.Source, relation.Edges)![^1].Destination);
            }
        }
    }

    [TestMethod]
    public void RandomRelationsAreDistinctAndServeEveryLesson()
    {
        IReadOnlyList<GraphRelation> relations = InferenceTask.RandomRelations(perLength: 10, seed: 3);
        Assert.HasCount(40, relations);
        Assert.HasCount(40, relations.Select(relation => relation.Name).Distinct());
        for (int length = 2; length <= 5; length++)
            Assert.AreEqual(10, relations.Count(relation => relation.Edges.Count == length));
        Assert.HasCount(20, new InferenceTask(9, relations, seed: 1).Rows(20));
    }

    [TestMethod]
    public void RelationsThatCannotBeToldApartAreRefused()
    {
        GraphRelation[] twice = [new(9, "a", [1, 2]), new(9, "b", [2, 1])];
        GraphRelation[] alsoAnEdge = [new(3, "a", [1, 2]), new(4, "b", [3, 1])];
        GraphRelation[] tooFewEdges = [new(9, "a", [1, 2])];
        foreach (GraphRelation[] relations in (GraphRelation[][])[twice, alsoAnEdge, tooFewEdges])
            Assert.ThrowsExactly<ArgumentException>(() => new InferenceTask(1, relations));
    }

    [TestMethod]
    public void LessonsOutsideTheCurriculumAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TraversalTask(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TraversalTask(15));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TraversalTask(1, earlierShare: double.NaN));
    }

    /// <summary>Node count, out-degrees and unique labels of a row's graph (its constructor checks the edge labels).</summary>
    private static LabelledGraph CheckGraph(GraphSequence row, GraphLesson sizes)
    {
        var graph = new LabelledGraph(GraphCode.ReadDescription(row.Features));
        Assert.IsInRange(sizes.MinNodes, sizes.MaxNodes, graph.Nodes.Count);
        int others = graph.Nodes.Count - 1;
        foreach (int node in graph.Nodes)
            Assert.IsInRange(Math.Min(sizes.MinDegree, others), Math.Min(sizes.MaxDegree, others), graph.Outgoing(node).Count);
        return graph;
    }

    private static T[] Read<T>(DataViewRowCursor cursor, string column)
    {
        VBuffer<T> buffer = default;
        cursor.GetGetter<VBuffer<T>>(cursor.Schema[column])(ref buffer);
        return [.. buffer.DenseValues()];
    }
}
