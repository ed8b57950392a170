using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.NTM.Model;

/// <summary>
/// Specs as JSON text. The reader is strict, since the text may come from a damaged or foreign model file: every member once, none
/// unknown, names instead of numbers for kinds, and a spec without faults.
/// </summary>
internal static class SpecJson
{
    // What must be there. Files of version 1 have no embedding, those of version 2 and older, and safetensors files of their time, no
    // sharpening epsilon, and those of version 3 and older no second direction.
    private static readonly string[] s_network =
    [
        nameof(NetworkSpec.Kind), nameof(NetworkSpec.InputSize), nameof(NetworkSpec.OutputSize), nameof(NetworkSpec.Controller),
        nameof(NetworkSpec.ControllerSize), nameof(NetworkSpec.ControllerLayers), nameof(NetworkSpec.MemorySlots),
        nameof(NetworkSpec.MemoryWidth), nameof(NetworkSpec.NumberOfReadHeads), nameof(NetworkSpec.NumberOfWriteHeads),
        nameof(NetworkSpec.ShiftRange), nameof(NetworkSpec.WriteRule), nameof(NetworkSpec.KeyTanh), nameof(NetworkSpec.InitialMemory),
        nameof(NetworkSpec.InitialWeightings), nameof(NetworkSpec.ControllerClip), nameof(NetworkSpec.MaskedContent),
        nameof(NetworkSpec.Deallocation), nameof(NetworkSpec.LinkSharpening),
    ];

    private static readonly string[] s_sequence =
    [
        nameof(SequenceSpec.FeatureSize), nameof(SequenceSpec.Alignment), nameof(SequenceSpec.Loss),
        nameof(SequenceSpec.OneLabelPerSequence), nameof(SequenceSpec.SoftmaxGroups), nameof(SequenceSpec.OutputLength),
        nameof(SequenceSpec.OutputLengthColumnName),
    ];

    /// <summary>The network's spec as UTF-8 text.</summary>
    internal static byte[] Write(NetworkSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, SpecJsonContext.Strict.NetworkSpec);

    /// <summary>The sequence's spec as UTF-8 text.</summary>
    internal static byte[] Write(SequenceSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, SpecJsonContext.Strict.SequenceSpec);

    /// <summary>The network's spec that <paramref name="utf8"/> holds.</summary>
    /// <exception cref="InvalidDataException">Not the text of a sound spec; the message says why.</exception>
    internal static NetworkSpec ReadNetwork(ReadOnlySpan<byte> utf8)
    {
        using var invariant = new InvariantText();
        try
        {
            var json = new StrictJson(FormerNames.Replace(utf8));
            NetworkSpec spec = Network(ref json);
            json.End();
            return Sound(spec, "network", spec.Faults());
        }
        // The reader throws InvalidOperationException where a text is not UTF-8.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Unreadable("network", e);
        }
    }

    /// <summary>The sequence's spec that <paramref name="utf8"/> holds, for <paramref name="network"/>.</summary>
    /// <exception cref="InvalidDataException">Not the text of a sound spec; the message says why.</exception>
    internal static SequenceSpec ReadSequence(ReadOnlySpan<byte> utf8, NetworkSpec network)
    {
        using var invariant = new InvariantText();
        try
        {
            var json = new StrictJson(FormerNames.Replace(utf8));
            SequenceSpec spec = Sequence(ref json, s_sequence);
            json.End();
            return Sound(spec, "sequence", spec.Faults(network));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Unreadable("sequence", e);
        }
    }

    /// <summary>The sequence's spec that the reader stands on, as a part of something; faults are for who knows the whole.</summary>
    /// <param name="json">Stands on it.</param>
    /// <param name="required">Members that must be there; what others do not say is 0.</param>
    internal static SequenceSpec Sequence(ref StrictJson json, params string[] required)
    {
        var spec = new SequenceSpec { FeatureSize = 0, Loss = SequenceLoss.Auto, SoftmaxGroups = 0 };
        JsonMembers members = json.Object();
        while (json.Next(members))
        {
            spec = members.Name switch
            {
                nameof(spec.FeatureSize) => spec with { FeatureSize = json.Int() },
                nameof(spec.Alignment) => spec with { Alignment = (SequenceAlignment)json.Kind(typeof(SequenceAlignment)) },
                nameof(spec.Loss) => spec with { Loss = (SequenceLoss)json.Kind(typeof(SequenceLoss)) },
                nameof(spec.OneLabelPerSequence) => spec with { OneLabelPerSequence = json.Bool() },
                nameof(spec.SoftmaxGroups) => spec with { SoftmaxGroups = json.Int() },
                nameof(spec.OutputLength) => spec with { OutputLength = json.IsNull() ? null : json.Int() },
                nameof(spec.OutputLengthColumnName) => spec with { OutputLengthColumnName = json.TextOrNull() },
                _ => throw members.Unknown(),
            };
        }
        members.Require("sequence", required);
        return spec;
    }

    /// <summary>The network's spec that the reader stands on; whether it is sound is for who knows the whole.</summary>
    internal static NetworkSpec Network(ref StrictJson json)
    {
        // What older files do not have is as it is by default: their networks are those without it.
        var spec = new NetworkSpec();
        JsonMembers members = json.Object();
        while (json.Next(members))
        {
            spec = members.Name switch
            {
                nameof(spec.Kind) => spec with { Kind = (NetworkKind)json.Kind(typeof(NetworkKind)) },
                nameof(spec.InputSize) => spec with { InputSize = json.Int() },
                nameof(spec.EmbeddingSize) => spec with { EmbeddingSize = json.Int() },
                nameof(spec.VocabularySize) => spec with { VocabularySize = json.Int() },
                nameof(spec.KeysPerStep) => spec with { KeysPerStep = json.Int() },
                nameof(spec.OutputSize) => spec with { OutputSize = json.Int() },
                nameof(spec.Controller) => spec with { Controller = (ControllerKind)json.Kind(typeof(ControllerKind)) },
                nameof(spec.ControllerSize) => spec with { ControllerSize = json.Int() },
                nameof(spec.ControllerLayers) => spec with { ControllerLayers = json.Int() },
                nameof(spec.Bidirectional) => spec with { Bidirectional = json.Bool() },
                nameof(spec.ControllerClip) => spec with { ControllerClip = json.Float() },
                _ => Memory(spec, members, ref json),
            };
        }
        members.Require("network", s_network);
        return spec;
    }

    private static NetworkSpec Memory(NetworkSpec spec, JsonMembers members, ref StrictJson json) => members.Name switch
    {
        nameof(spec.MemorySlots) => spec with { MemorySlots = json.Int() },
        nameof(spec.MemoryWidth) => spec with { MemoryWidth = json.Int() },
        nameof(spec.NumberOfReadHeads) => spec with { NumberOfReadHeads = json.Int() },
        nameof(spec.NumberOfWriteHeads) => spec with { NumberOfWriteHeads = json.Int() },
        nameof(spec.ShiftRange) => spec with { ShiftRange = json.Int() },
        nameof(spec.WriteRule) => spec with { WriteRule = (MemoryWriteRule)json.Kind(typeof(MemoryWriteRule)) },
        nameof(spec.KeyTanh) => spec with { KeyTanh = json.Bool() },
        nameof(spec.InitialMemory) => spec with { InitialMemory = (InitialMemory)json.Kind(typeof(InitialMemory)) },
        nameof(spec.InitialWeightings) => spec with { InitialWeightings = (InitialWeightings)json.Kind(typeof(InitialWeightings)) },
        nameof(spec.MaskedContent) => spec with { MaskedContent = json.Bool() },
        nameof(spec.Deallocation) => spec with { Deallocation = json.Bool() },
        nameof(spec.LinkSharpening) => spec with { LinkSharpening = json.Bool() },
        nameof(spec.SharpeningEpsilon) => spec with { SharpeningEpsilon = json.Float() },
        nameof(spec.SharpeningEpsilonPlace) =>
            spec with { SharpeningEpsilonPlace = (SharpeningEpsilonPlace)json.Kind(typeof(SharpeningEpsilonPlace)) },
        _ => throw members.Unknown(),
    };

    private static InvalidDataException Unreadable(string what, Exception e) =>
        new($"The {what}'s description in the model cannot be read: {Quoted.Message(e)}", Quoted.Cause(e));

    private static T Sound<T>(T spec, string what, IReadOnlyList<string> faults)
        where T : class => faults.Count == 0
        ? spec
        : throw new InvalidDataException($"The {what}'s description in the model is not valid. {Quoted.Faults(faults)}");
}

/// <summary>How specs are written: serialization code made at build time.</summary>
[JsonSerializable(typeof(NetworkSpec))]
[JsonSerializable(typeof(SequenceSpec))]
internal sealed partial class SpecJsonContext : JsonSerializerContext
{
    /// <summary>Kinds by name; the same rules for reading as <see cref="SpecJson"/> has, which tests hold beside it.</summary>
    public static SpecJsonContext Strict { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters =
        {
            new JsonStringEnumConverter<NetworkKind>(allowIntegerValues: false),
            new JsonStringEnumConverter<ControllerKind>(allowIntegerValues: false),
            new JsonStringEnumConverter<MemoryWriteRule>(allowIntegerValues: false),
            new JsonStringEnumConverter<InitialMemory>(allowIntegerValues: false),
            new JsonStringEnumConverter<InitialWeightings>(allowIntegerValues: false),
            new JsonStringEnumConverter<SharpeningEpsilonPlace>(allowIntegerValues: false),
            new JsonStringEnumConverter<SequenceAlignment>(allowIntegerValues: false),
            new JsonStringEnumConverter<SequenceLoss>(allowIntegerValues: false),
        },
    });
}
