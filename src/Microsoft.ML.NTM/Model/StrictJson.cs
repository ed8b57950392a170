using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.NTM.Model;

/// <summary>
/// Reads the JSON of a model file value by value: every member known and given once, every value of its kind, names for kinds. By hand:
/// a serializer compiles code of its own for each type of member when a process first reads one, and that took half of a cold start.
/// It stands on the value that is to be read next; what reads one leaves it on that value's last token.
/// </summary>
/// <remarks>
/// All methods throw <see cref="JsonException"/> where the text is not what they read, and <see cref="InvalidOperationException"/> where
/// it is not UTF-8.
/// </remarks>
internal ref struct StrictJson
{
    private Utf8JsonReader _reader;
    private string _member = "the whole";

    internal StrictJson(ReadOnlySpan<byte> utf8)
    {
        _reader = new Utf8JsonReader(utf8);
        _reader.Read();
    }

    /// <summary>Enters an object.</summary>
    internal readonly JsonMembers Object()
    {
        Require(JsonTokenType.StartObject, "an object");
        return new JsonMembers();
    }

    /// <summary>Goes to the object's next member, whose name the members then have; false at its end.</summary>
    internal bool Next(JsonMembers members)
    {
        _reader.Read();
        if (_reader.TokenType == JsonTokenType.EndObject)
            return false;
        _member = _reader.GetString()!;
        members.Add(_member);
        _reader.Read();
        return true;
    }

    /// <summary>Enters an array.</summary>
    internal readonly void Array() => Require(JsonTokenType.StartArray, "an array");

    /// <summary>Goes to the array's next item; false at its end.</summary>
    internal bool NextItem()
    {
        _reader.Read();
        return _reader.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>Whether the value is null.</summary>
    internal readonly bool IsNull() => _reader.TokenType == JsonTokenType.Null;

    /// <summary>Passes over a value, whatever it is.</summary>
    internal void Skip() => _reader.Skip();

    /// <summary>Checks that nothing follows.</summary>
    internal void End() => _reader.Read();

    internal readonly int Int()
    {
        Require(JsonTokenType.Number, "a number");
        return _reader.TryGetInt32(out int value) ? value : throw Wrong("a whole number of 32 bits");
    }

    internal readonly long Long()
    {
        Require(JsonTokenType.Number, "a number");
        return _reader.TryGetInt64(out long value) ? value : throw Wrong("a whole number of 64 bits");
    }

    internal readonly float Float()
    {
        Require(JsonTokenType.Number, "a number");
        return _reader.TryGetSingle(out float value) ? value : throw Wrong("a number");
    }

    /// <summary>A number, or one of the texts NaN, Infinity and -Infinity.</summary>
    internal readonly double Double()
    {
        if (_reader.TokenType == JsonTokenType.String)
        {
            return Text() switch
            {
                "NaN" => double.NaN,
                "Infinity" => double.PositiveInfinity,
                "-Infinity" => double.NegativeInfinity,
                _ => throw Wrong("a number"),
            };
        }
        Require(JsonTokenType.Number, "a number");
        return _reader.TryGetDouble(out double value) ? value : throw Wrong("a number");
    }

    internal readonly bool Bool() => _reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Wrong("true or false"),
    };

    internal readonly string Text()
    {
        Require(JsonTokenType.String, "a text");
        return _reader.GetString()!;
    }

    internal readonly string? TextOrNull() => IsNull() ? null : Text();

    /// <summary>A time as 1.02:03:04.5670000.</summary>
    internal readonly TimeSpan Time()
    {
        byte[] text = Encoding.UTF8.GetBytes(Text());
        // The parser passes over spaces before it.
        bool begins = text is [(byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..];
        return begins && Utf8Parser.TryParse(text, out TimeSpan value, out int used, 'c') && used == text.Length ? value
            : throw Wrong("a time");
    }

    /// <summary>The value of a kind's name, in upper or lower case; cast it.</summary>
    /// <remarks>Not generic: a process would compile it for each kind.</remarks>
    internal readonly int Kind(Type kind)
    {
        string text = Text();
        string[] names = Enum.GetNames(kind);
        for (int i = 0; i < names.Length; i++)
        {
            if (string.Equals(names[i], text, StringComparison.OrdinalIgnoreCase))
                return (int)Enum.GetValuesAsUnderlyingType(kind).GetValue(i)!;
        }
        throw Wrong($"one of {string.Join(", ", names)}");
    }

    internal float[] Floats()
    {
        Array();
        Utf8JsonReader ahead = _reader;
        int count = 0;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.Number)
            count++;
        float[] values = new float[count];
        for (int i = 0; NextItem(); i++)
            values[i] = i < count ? Float() : throw Wrong("a number");
        return values;
    }

    internal string[] Texts()
    {
        Array();
        var values = new List<string>();
        while (NextItem())
            values.Add(Text());
        return [.. values];
    }

    private readonly void Require(JsonTokenType token, string expected)
    {
        if (_reader.TokenType != token)
            throw Wrong(expected);
    }

    private readonly JsonException Wrong(string expected)
    {
        string got = _reader.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => "the text " + Quoted.Text(_reader.GetString()),
            JsonTokenType.Null => "null",
            _ => Quoted.Text(Encoding.UTF8.GetString(_reader.ValueSpan)),
        };
        return new JsonException($"Expected {expected} for {Quoted.Text(_member)}, got {got} at byte {_reader.TokenStartIndex}.");
    }
}
