using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Training.Checkpoints;

/// <summary>A training's reports as one line of JSON in its checkpoint.</summary>
internal static class ReportsJson
{
    // No training with checkpoints makes more; each has at most one null.
    private const int MostReports = 100_000;

    /// <summary>Saves <paramref name="reports"/> or replaces them.</summary>
    internal static void Exchange(CheckpointExchange checkpoint, List<TrainingProgress> reports)
    {
        string text = checkpoint.IsLoading ? "" : JsonSerializer.Serialize(reports, ReportsJsonContext.Default.ListTrainingProgress);
        checkpoint.Text("reports", ref text);
        if (!checkpoint.IsLoading)
            return;
        if (text.AsSpan().Count('{') > MostReports || text.AsSpan().Count("null") > MostReports)
            throw new InvalidDataException($"The checkpoint's reports cannot be read: there are more than {MostReports}.");
        try
        {
            List<TrainingProgress> loaded = JsonSerializer.Deserialize(text, ReportsJsonContext.Default.ListTrainingProgress) ?? [];
            if (loaded.Contains(null!))
                throw new InvalidDataException("The checkpoint's reports cannot be read: one of them is null.");
            reports.Clear();
            reports.AddRange(loaded);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The checkpoint's reports cannot be read: {Quoted.Message(e)}", Quoted.Cause(e));
        }
    }
}

/// <summary>Serialization code made at build time; a loss may be NaN.</summary>
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(List<TrainingProgress>))]
internal sealed partial class ReportsJsonContext : JsonSerializerContext;
