using Microsoft.ML;
using Microsoft.ML.NTM;
using Spectre.Console;

/// <summary>What the other tasks end with, as traversal does with <see cref="Journeys"/>.</summary>
internal static class Endings
{
    /// <summary>Shortest ways between stations of the London Underground.</summary>
    public static void Ways(MLContext ml, SequenceTransformer model, NamedGraph underground, GraphLesson size, Settings settings)
    {
        NamedGraph map = underground.Around(underground.NodeLabel(settings.Station), settings.Stations ?? size.MaxNodes);
        (int From, int To)[] ends = [.. map.Journeys(settings.Journeys, 1, size.MaxPath, seed: 1)
            .Select(journey => (journey[0].Source, journey[^1].Destination)).Where(pair => pair.Source != pair.Destination)];
        IEnumerable<GraphSequence> questions = ends.Select((pair, i) => GraphQuestion.ShortestPath(map.Graph, pair.From, pair.To, seed: i));
        GraphMetrics metrics = GraphMetrics.Evaluate(model.Transform(GraphCode.ToDataView(ml, questions)), featureColumnName: "Features");
        AnsiConsole.MarkupLineInterpolated($"[bold]London Underground[/], {map.Graph.Nodes.Count} stations around {settings.Station}:");
        AnsiConsole.MarkupLineInterpolated($"{metrics.MinimalPaths} of {ends.Length} ways are as short as can be.");
    }

    /// <summary>Who is whose aunt: relations that follow from several edges of a family tree.</summary>
    public static void Family(MLContext ml, SequenceTransformer model)
    {
        NamedGraph family = FamilyTree.Create();
        (int Person, GraphRelation Relation, int Answer)[] asked = [.. FamilyTree.Questions(family)];
        IEnumerable<GraphSequence> questions = asked.Select((one, i) =>
            GraphQuestion.Inference(family.Graph, one.Person, one.Relation, seed: i));
        double right = GraphMetrics.Evaluate(model.Transform(GraphCode.ToDataView(ml, questions))).TripleAccuracy;
        AnsiConsole.MarkupLineInterpolated($"[bold]Family tree[/]: {right:P1} of {asked.Length} relations right.");
    }
}
