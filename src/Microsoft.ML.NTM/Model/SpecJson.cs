using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Microsoft.ML.NTM.Model;

/// <summary>
/// Specs as JSON text. The reader is strict, since the text may come from a damaged or foreign model file: every member once, none
/// unknown, names instead of numbers for kinds, and a spec without faults.
/// </summary>
internal static class SpecJson
{
    // What files of version 1 do not have: their networks are those without it, and the defaults say so.
    private static readonly string[] s_since2 =
        [nameof(NetworkSpec.EmbeddingSize), nameof(NetworkSpec.VocabularySize), nameof(NetworkSpec.KeysPerStep)];

    // Files of version 2 and older do not have these, and neither has a safetensors file written before.
    private static readonly string[] s_since3 = [nameof(NetworkSpec.SharpeningEpsilon), nameof(NetworkSpec.SharpeningEpsilonPlace)];

    // Files of version 3 and older do not have it, and their networks read forward.
    private static readonly string[] s_since4 = [nameof(NetworkSpec.Bidirectional)];

    private static readonly SpecJsonContext s_context = new(new JsonSerializerOptions
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

    /// <summary>The network's spec as UTF-8 text.</summary>
    internal static byte[] Write(NetworkSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, s_context.NetworkSpec);

    /// <summary>The sequence's spec as UTF-8 text.</summary>
    internal static byte[] Write(SequenceSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, s_context.SequenceSpec);

    /// <summary>The network's spec that <paramref name="utf8"/> holds.</summary>
    /// <exception cref="InvalidDataException">Not the text of a sound spec; the message says why.</exception>
    internal static NetworkSpec ReadNetwork(ReadOnlySpan<byte> utf8)
    {
        using var invariant = new InvariantText();
        NetworkSpec spec = Read(utf8, "network", s_context.NetworkSpec);
        // What a text does not say is 0 after reading, not what an object initializer would leave it at.
        if (utf8.IndexOf("\"SharpeningEpsilon\""u8) < 0)
            spec = spec with { SharpeningEpsilon = new NetworkSpec().SharpeningEpsilon };
        return Sound(spec, "network", spec.Faults());
    }

    /// <summary>The sequence's spec that <paramref name="utf8"/> holds, for <paramref name="network"/>.</summary>
    /// <exception cref="InvalidDataException">Not the text of a sound spec; the message says why.</exception>
    internal static SequenceSpec ReadSequence(ReadOnlySpan<byte> utf8, NetworkSpec network)
    {
        using var invariant = new InvariantText();
        SequenceSpec spec = Read(utf8, "sequence", s_context.SequenceSpec);
        return Sound(spec, "sequence", spec.Faults(network));
    }

    private static T Read<T>(ReadOnlySpan<byte> utf8, string what, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            ReadOnlySpan<byte> text = FormerNames.Replace(utf8);
            RequireAllMembers(text, what, type);
            return JsonSerializer.Deserialize(text, type) ?? throw new JsonException("It is null.");
        }
        // The reader throws InvalidOperationException where a text is not UTF-8.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"The {what}'s description in the model cannot be read: {Quoted.Message(e)}", Quoted.Cause(e));
        }
    }

    private static T Sound<T>(T spec, string what, IReadOnlyList<string> faults) => faults.Count == 0
        ? spec
        : throw new InvalidDataException($"The {what}'s description in the model is not valid. {Quoted.Faults(faults)}");

    // Without this a missing member would silently take its default.
    private static void RequireAllMembers<T>(ReadOnlySpan<byte> utf8, string what, JsonTypeInfo<T> type)
    {
        var found = new HashSet<string>();
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                found.Add(reader.GetString()!);
        }
        string[] added = [.. s_since2, .. s_since3, .. s_since4];
        var missing = type.Properties.Select(property => property.Name).Where(name => !found.Contains(name) && !added.Contains(name))
            .ToList();
        if (missing.Count > 0)
            throw new JsonException($"the {what} lacks {string.Join(", ", missing)}.");
    }
}

/// <summary>Serialization code made at build time: reflection would cost most of a cold start.</summary>
[JsonSerializable(typeof(NetworkSpec))]
[JsonSerializable(typeof(SequenceSpec))]
internal sealed partial class SpecJsonContext : JsonSerializerContext;
