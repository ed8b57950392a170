using System.Globalization;
using System.Text;

namespace Microsoft.ML.NTM.Evaluation;

/// <summary>Metrics as text.</summary>
internal static class MetricsReport
{
    private const int MostClassesShown = 20;

    public static string Format(SequenceMetrics metrics)
    {
        var text = new StringBuilder();
        Line(text, "Sequences", $"{metrics.Sequences} ({metrics.Steps} steps, {metrics.Elements} elements)");
        if (metrics.UnscoredElements > 0)
            Line(text, "Left out, label missing", $"{metrics.UnscoredElements} elements, {metrics.UnscoredSequences} whole sequences");
        if (metrics.LossFunction == SequenceLoss.SquaredError)
        {
            Line(text, "Squared error per sequence", Number(metrics.Loss));
            Line(text, "Mean absolute error", Number(metrics.MeanAbsoluteError));
            Line(text, "Root mean squared error", Number(metrics.RootMeanSquaredError));
            Line(text, "R squared", Number(metrics.RSquared));
        }
        else
        {
            Line(text, "Loss per sequence", $"{Number(metrics.Loss)} nats, {Number(metrics.BitsPerSequence)} bits");
            if (metrics.LossFunction == SequenceLoss.CrossEntropy)
                Line(text, "Perplexity", Number(metrics.Perplexity));
            string errors = metrics.LossFunction == SequenceLoss.BinaryCrossEntropy ? "Wrong bits per sequence" : "Errors per sequence";
            Line(text, errors, $"{Number(metrics.ErrorsPerSequence)} ({metrics.Errors} in all)");
            Line(text, "Right elements", Share(metrics.ElementAccuracy));
            Line(text, "Right steps", Share(metrics.StepAccuracy));
            Line(text, "Right sequences", Share(metrics.SequenceAccuracy));
        }
        if (metrics.ConfusionMatrix is { Classes.Count: <= MostClassesShown } matrix)
            text.Append('\n').Append(matrix).Append('\n');
        if (metrics.ByLength.Count > 1)
            Table(text, metrics);
        return text.ToString().TrimEnd();
    }

    private static void Table(StringBuilder text, SequenceMetrics metrics)
    {
        bool squared = metrics.LossFunction == SequenceLoss.SquaredError;
        text.Append(CultureInfo.InvariantCulture, $"\n{"Length",8}{"Sequences",11}{"Loss",12}");
        text.Append(squared ? $"{"MAE",12}{"RMSE",12}\n" : $"{"Errors",12}{"Sequences right",17}\n");
        foreach ((int length, SequenceMetrics row) in metrics.ByLength)
        {
            text.Append(CultureInfo.InvariantCulture, $"{length,8}{row.Sequences,11}{Number(row.Loss),12}");
            text.Append(squared
                ? $"{Number(row.MeanAbsoluteError),12}{Number(row.RootMeanSquaredError),12}\n"
                : $"{Number(row.ErrorsPerSequence),12}{Share(row.SequenceAccuracy),17}\n");
        }
    }

    private static void Line(StringBuilder text, string name, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name,-28}{value}\n");

    private static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    private static string Share(double value) => string.Create(CultureInfo.InvariantCulture, $"{100 * value:F2} %");
}
