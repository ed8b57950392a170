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
        var json = new StrictJson(utf8);
        TrainingHistory history = History(ref json);
        json.End();
        bool sound = history is { Iterations: >= 0, KeptIteration: >= 0, SkippedSteps: >= 0, Rollbacks: >= 0 }
            && history.KeptIteration <= history.Iterations && history.Elapsed >= TimeSpan.Zero && history.Reports.All(IsSound);
        return sound ? history
            : throw new InvalidDataException("The model file's history of the training is not one: counts and times are at least 0.");
    }

    private static bool IsSound(TrainingProgress report) => report.Elapsed >= TimeSpan.Zero
        && report is { Iteration: >= 0, NumberOfIterations: >= 0, Sequences: >= 0, SkippedSteps: >= 0 };

    /// <summary>The history that the reader stands on, sound or not.</summary>
    internal static TrainingHistory History(ref StrictJson json)
    {
        var history = new TrainingHistory
        {
            Reports = [],
            StopReason = default,
            Iterations = 0,
            KeptIteration = 0,
            SkippedSteps = 0,
            Rollbacks = 0,
            Elapsed = default,
        };
        JsonMembers members = json.Object();
        while (json.Next(members))
        {
            history = members.Name switch
            {
                nameof(history.Reports) => history with { Reports = Reports(ref json) },
                nameof(history.StopReason) => history with { StopReason = (TrainingStopReason)json.Kind(typeof(TrainingStopReason)) },
                nameof(history.Iterations) => history with { Iterations = json.Long() },
                nameof(history.KeptIteration) => history with { KeptIteration = json.Long() },
                nameof(history.ValidationLoss) => history with { ValidationLoss = json.IsNull() ? null : json.Double() },
                nameof(history.SkippedSteps) => history with { SkippedSteps = json.Long() },
                nameof(history.Rollbacks) => history with { Rollbacks = json.Long() },
                nameof(history.Elapsed) => history with { Elapsed = json.Time() },
                _ => throw members.Unknown(),
            };
        }
        members.Require("history", nameof(history.Reports), nameof(history.StopReason), nameof(history.Iterations),
            nameof(history.KeptIteration), nameof(history.SkippedSteps), nameof(history.Rollbacks), nameof(history.Elapsed));
        return history;
    }

    private static List<TrainingProgress> Reports(ref StrictJson json)
    {
        json.Array();
        var reports = new List<TrainingProgress>();
        while (json.NextItem())
            reports.Add(reports.Count < MaxReports ? Report(ref json) : throw new JsonException($"More than {MaxReports} reports."));
        return reports;
    }

    private static TrainingProgress Report(ref StrictJson json)
    {
        var report = new TrainingProgress
        {
            Iteration = 0,
            NumberOfIterations = 0,
            Sequences = 0,
            Loss = 0,
            GradientNorm = 0,
            LearningRate = 0,
            SequencesPerSecond = 0,
            SkippedSteps = 0,
            Elapsed = default,
        };
        JsonMembers members = json.Object();
        while (json.Next(members))
        {
            report = members.Name switch
            {
                nameof(report.Iteration) => report with { Iteration = json.Long() },
                nameof(report.NumberOfIterations) => report with { NumberOfIterations = json.Long() },
                nameof(report.Sequences) => report with { Sequences = json.Long() },
                nameof(report.Loss) => report with { Loss = json.Double() },
                nameof(report.ValidationLoss) => report with { ValidationLoss = json.IsNull() ? null : json.Double() },
                nameof(report.GradientNorm) => report with { GradientNorm = json.Double() },
                nameof(report.LearningRate) => report with { LearningRate = json.Double() },
                nameof(report.SequencesPerSecond) => report with { SequencesPerSecond = json.Double() },
                nameof(report.SkippedSteps) => report with { SkippedSteps = json.Long() },
                nameof(report.Elapsed) => report with { Elapsed = json.Time() },
                _ => throw members.Unknown(),
            };
        }
        members.Require("report", nameof(report.Iteration), nameof(report.NumberOfIterations), nameof(report.Sequences),
            nameof(report.Loss), nameof(report.GradientNorm), nameof(report.LearningRate), nameof(report.SequencesPerSecond),
            nameof(report.SkippedSteps), nameof(report.Elapsed));
        return report;
    }

    private static IReadOnlyList<TrainingProgress> Thin(IReadOnlyList<TrainingProgress> reports)
    {
        int each = (reports.Count + MaxReports - 1) / MaxReports;
        return each <= 1 ? reports : [.. reports.Where((_, i) => (reports.Count - 1 - i) % each == 0)];
    }
}

/// <summary>How a history is written: serialization code made at build time; a loss may be NaN.</summary>
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
