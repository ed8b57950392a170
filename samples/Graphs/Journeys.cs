using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.NTM;
using Spectre.Console;

/// <summary>Journeys on the London Underground: where does one come through, taking these lines in these directions from here?</summary>
internal static class Journeys
{
    public static void Ask(MLContext ml, SequenceTransformer model, NamedGraph underground, int lesson, Settings settings)
    {
        // A map and journeys as large as in the last lesson that was passed, unless more stations are asked for.
        GraphLesson size = GraphLessons.Traversal[lesson - 1];
        NamedGraph map = underground.Around(underground.NodeLabel(settings.Station), settings.Stations ?? size.MaxNodes);
        IReadOnlyList<GraphTriple>[] journeys = [.. map.Journeys(settings.Journeys, 1, size.MaxPath, seed: 1)];
        IEnumerable<GraphSequence> questions = journeys.Select((journey, i) =>
            GraphQuestion.Traversal(map.Graph, journey[0].Source, [.. journey.Select(step => step.Edge)], seed: i));
        IDataView scored = model.Transform(GraphCode.ToDataView(ml, questions));
        GraphMetrics metrics = GraphMetrics.Evaluate(scored);
        AnsiConsole.MarkupLineInterpolated($"[bold]London Underground[/], {map.Graph.Nodes.Count} stations around {settings.Station}");
        AnsiConsole.MarkupLineInterpolated($"with {map.Graph.Triples.Count} edges, {journeys.Length} journeys, at most {size.MaxPath}:");
        AnsiConsole.MarkupLineInterpolated($"{metrics.TripleAccuracy:P1} of triples, {metrics.PathAccuracy:P1} of whole journeys right.");

        VBuffer<uint>[] answers = [.. scored.GetColumn<VBuffer<uint>>("PredictedLabel").Take(settings.Shown)];
        for (int i = 0; i < answers.Length; i++)
        {
            IReadOnlyList<GraphTriple> journey = journeys[i];
            string lines = string.Join(", ", journey.Select(step => map.EdgeName(step.Edge)));
            AnsiConsole.MarkupLineInterpolated($"From [bold]{map.NodeName(journey[0].Source)}[/]: {lines}");
            // The last steps of a sequence are the answer's: a triple per edge, then the end.
            uint[] keys = [.. answers[i].DenseValues().TakeLast((journey.Count + 1) * GraphCode.Digits)];
            IReadOnlyList<GraphTriple> given = GraphCode.ReadAnswer(keys).Triples;
            for (int step = 0; step < Math.Max(journey.Count, given.Count); step++)
            {
                string expected = step < journey.Count ? map.Describe(journey[step]) : "the end";
                string answer = step < given.Count ? map.Describe(given[step]) : "the end";
                AnsiConsole.MarkupLineInterpolated($"    expected {expected}, given [{(expected == answer ? "green" : "red")}]{answer}[/]");
            }
        }
    }
}
