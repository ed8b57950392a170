using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>A line of a sweep's journal: what happened. Members that an event does not have are left out.</summary>
internal sealed record JournalEntry
{
    /// <summary>sweep (the first line), begin, report, complete or fail.</summary>
    public required string Event { get; init; }

    /// <summary>The format's version, in the first line.</summary>
    public int? Version { get; init; }

    /// <summary>Which sweep it is, in the first line.</summary>
    public SortedDictionary<string, string>? Sweep { get; init; }

    /// <summary>The trial.</summary>
    public int? Trial { get; init; }

    /// <summary>Which attempt at it.</summary>
    public int? Attempt { get; init; }

    /// <summary>Its settings, when it begins.</summary>
    public double[]? Point { get; init; }

    /// <summary>Which seed, when it begins.</summary>
    public int? Repeat { get; init; }

    /// <summary>The trial that it makes again, when it begins.</summary>
    public int? RepeatOf { get; init; }

    /// <summary>Who has it, when it begins.</summary>
    public string? Worker { get; init; }

    /// <summary>Parts of the training made, in a report.</summary>
    public int? Part { get; init; }

    /// <summary>The validation loss, in a report.</summary>
    public double? Loss { get; init; }

    /// <summary>Whether the report ended the trial.</summary>
    public bool? Pruned { get; init; }

    /// <summary>The measure, lower is better, when it is complete.</summary>
    public double? Objective { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>Time since the attempt began.</summary>
    public double? Seconds { get; init; }
}

/// <summary>Serialization code made at build time. Doubles are written so that they come back the same, infinite ones by name.</summary>
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(List<TrialRecord>))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    /// <summary>Short lines, nothing unknown.</summary>
    public static JournalJson Lines { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    });
}
