using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>What sequence.json holds.</summary>
/// <param name="Format">Columns, label and how they become steps.</param>
/// <param name="ClassType">What a key label's classes are, or null.</param>
/// <param name="Classes">A key label's classes in key order, or null.</param>
internal sealed record SequenceDescription(SequenceFormat Format, string? ClassType, string[]? Classes);

/// <summary>Serialization code made at build time: reflection would cost most of a cold start.</summary>
[JsonSerializable(typeof(SequenceDescription))]
internal sealed partial class SequenceJsonContext : JsonSerializerContext
{
    /// <summary>Nothing unknown, nothing twice, nothing left out, kinds by name.</summary>
    public static SequenceJsonContext Strict { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters =
        {
            new JsonStringEnumConverter<LabelKind>(allowIntegerValues: false),
            new JsonStringEnumConverter<MissingFeatures>(allowIntegerValues: false),
            new JsonStringEnumConverter<SequenceAlignment>(allowIntegerValues: false),
            new JsonStringEnumConverter<SequenceLoss>(allowIntegerValues: false),
        },
    });
}
