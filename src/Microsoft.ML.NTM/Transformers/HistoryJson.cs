using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>A training's history as text in the model file. Untrusted, like the model's other parts.</summary>
internal static class HistoryJson
{
    /// <summary>Reports that are kept at most: of more, every second, third, ... and the last.</summary>
    public const int MaxReports = 10_000;

    // Of a report, and room for those of later versions.
    private const int MostMembers = 30;

    /// <summary>The history as UTF-8 text.</summary>
    public static byte[] Write(TrainingHistory history) =>
        JsonSerializer.SerializeToUtf8Bytes(history with { Reports = Thin(history.Reports) }, HistoryJsonContext.Strict.TrainingHistory);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">Not the text of a history.</exception>
    /// <exception cref="InvalidDataException">No training can have gone so.</exception>
    public static TrainingHistory Read(byte[] utf8)
    {
        JsonLimits.Check(utf8, MaxReports * MostMembers);
        TrainingHistory history = JsonSerializer.Deserialize(utf8, HistoryJsonContext.Strict.TrainingHistory)
            ?? throw new JsonException("It is null.");
        bool sound = history is { Iterations: >= 0, KeptIteration: >= 0, SkippedSteps: >= 0, Rollbacks: >= 0, Reports.Count: <= MaxReports }
            && history.KeptIteration <= history.Iterations && history.Elapsed >= TimeSpan.Zero && Enum.IsDefined(history.StopReason)
            && history.Reports.All(report => report is { Iteration: >= 0, NumberOfIterations: >= 0, Sequences: >= 0, SkippedSteps: >= 0 }
                && report.Elapsed >= TimeSpan.Zero);
        return sound ? history
            : throw new InvalidDataException("The model file's history of the training is not one: counts and times are at least 0.");
    }

    private static IReadOnlyList<TrainingProgress> Thin(IReadOnlyList<TrainingProgress> reports)
    {
        int each = (reports.Count + MaxReports - 1) / MaxReports;
        return each <= 1 ? reports : [.. reports.Where((_, i) => (reports.Count - 1 - i) % each == 0)];
    }
}

/// <summary>Serialization code made at build time; a loss may be NaN.</summary>
[JsonSerializable(typeof(TrainingHistory))]
internal sealed partial class HistoryJsonContext : JsonSerializerContext
{
    /// <summary>Nothing unknown, nothing twice, kinds by name.</summary>
    public static HistoryJsonContext Strict { get; } = new(new JsonSerializerOptions
    {
        AllowDuplicateProperties = false,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter<TrainingStopReason>(allowIntegerValues: false) },
    });
}
