using System.Text.Json;

namespace Microsoft.ML.NTM.Model;

/// <summary>
/// What JSON of a model file is refused before anything is made of it. A reader's errors repeat names and texts several times over, so
/// long ones
/// would cost many times the file's size.
/// </summary>
internal static class JsonLimits
{
    /// <summary>Longest name of a member, in bytes as written.</summary>
    internal const int LongestName = 100;

    /// <summary>Longest text (a column's name, a class) or number, in bytes as written.</summary>
    internal const int LongestValue = 1 << 16;

    /// <summary>Most texts, and most members, unless a reader expects more: an object or a text costs many times its bytes.</summary>
    internal const long MostTexts = 100_000;

    /// <summary>Reads all of it and keeps nothing.</summary>
    /// <exception cref="JsonException">Not JSON, or with a name or value longer than any model's, or with more of them.</exception>
    internal static void Check(ReadOnlySpan<byte> utf8, long mostTexts = MostTexts)
    {
        var reader = new Utf8JsonReader(utf8);
        long texts = 0, objects = 0;
        while (reader.Read())
        {
            texts += reader.TokenType == JsonTokenType.String ? 1 : 0;
            objects += reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.Null or JsonTokenType.StartArray ? 1 : 0;
            if (texts > mostTexts || objects > Math.Max(mostTexts, MostTexts))
            {
                throw new JsonException($"Expected at most {mostTexts} texts and {MostTexts} members, got more by byte "
                    + $"{reader.TokenStartIndex}.");
            }
            int longest = reader.TokenType == JsonTokenType.PropertyName ? LongestName : LongestValue;
            if (reader.ValueSpan.Length > longest
                && reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String or JsonTokenType.Number)
                throw new JsonException($"Expected names of at most {LongestName} and values of at most {LongestValue} bytes, got one of "
                    + $"{reader.ValueSpan.Length} at byte {reader.TokenStartIndex}.");
        }
    }
}
