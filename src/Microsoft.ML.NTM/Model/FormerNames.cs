using System.Text;
using System.Text.Json;

namespace Microsoft.ML.NTM.Model;

/// <summary>Members of specs and options under the names that model files of versions 1 and 2 have for them.</summary>
internal static class FormerNames
{
    private static readonly Dictionary<string, string> s_now = new()
    {
        ["EmbeddingKeys"] = nameof(NetworkSpec.VocabularySize),
        ["EmbeddedKeys"] = nameof(NetworkSpec.KeysPerStep),
        ["ReadHeads"] = nameof(NetworkSpec.NumberOfReadHeads),
        ["WriteHeads"] = nameof(NetworkSpec.NumberOfWriteHeads),
        ["SingleAnswer"] = nameof(SequenceSpec.OneLabelPerSequence),
        ["LabelRows"] = "LabelPlacement",
        ["Sorted"] = "RowsAreGrouped",
        ["IncludeUnanswered"] = "IncludeUnlabeled",
    };

    /// <summary>
    /// The same JSON with today's names, so that whoever reads it need not know the former ones; within <see cref="JsonLimits"/>.
    /// </summary>
    /// <exception cref="JsonException">Not JSON, or with a name or value longer than any model's.</exception>
    /// <exception cref="InvalidOperationException">A text is not UTF-8.</exception>
    public static ReadOnlySpan<byte> Replace(ReadOnlySpan<byte> utf8, long mostTexts = JsonLimits.MostTexts)
    {
        JsonLimits.Check(utf8, mostTexts);
        // Today's files are not copied: they may be long.
        bool any = false;
        foreach (string name in s_now.Keys)
            any |= utf8.IndexOf(Encoding.UTF8.GetBytes($"\"{name}\"")) >= 0;
        if (!any)
            return utf8;
        var into = new MemoryStream(utf8.Length);
        using (var writer = new Utf8JsonWriter(into, new JsonWriterOptions { SkipValidation = true }))
        {
            var reader = new Utf8JsonReader(utf8);
            while (reader.Read())
                Copy(ref reader, writer);
        }
        return into.ToArray();
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                string name = reader.GetString()!;
                writer.WritePropertyName(s_now.GetValueOrDefault(name, name));
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(reader.GetString());
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
