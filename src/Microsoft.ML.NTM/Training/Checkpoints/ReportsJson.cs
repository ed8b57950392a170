using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Training.Checkpoints;

/// <summary>A training's reports as one line of JSON in its checkpoint.</summary>
internal static class ReportsJson
{
    /// <summary>Saves <paramref name="reports"/> or replaces them.</summary>
    internal static void Exchange(CheckpointExchange checkpoint, List<TrainingProgress> reports)
    {
        string text = checkpoint.IsLoading ? "" : JsonSerializer.Serialize(reports, ReportsJsonContext.Default.ListTrainingProgress);
        checkpoint.Text("reports", ref text);
        if (!checkpoint.IsLoading)
            return;
        try
        {
            List<TrainingProgress> loaded = JsonSerializer.Deserialize(text, ReportsJsonContext.Default.ListTrainingProgress) ?? [];
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
