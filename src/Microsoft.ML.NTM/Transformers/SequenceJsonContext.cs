using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>How a description is written: serialization code made at build time. <see cref="SequenceJsonReader"/> reads it.</summary>
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
