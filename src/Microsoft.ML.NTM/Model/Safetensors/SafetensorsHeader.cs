using System.Buffers.Binary;
using System.Text.Json;

namespace Microsoft.ML.NTM.Model.Safetensors;

/// <summary>
/// The head of a safetensors file: 8 bytes with the header's length N (little-endian), N bytes of JSON that begin with '{' and may end in
/// spaces, then the tensors' bytes without gap or overlap. The file is not trusted: nothing of it is used before it is checked.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Longest header that the format's reference implementation reads.</summary>
    internal const int MaxLength = 100_000_000;

    /// <summary>Most tensors or metadata in a file: far above any network's, and few enough to cost little.</summary>
    internal const int MaxEntries = 10_000;

    /// <summary>Most sizes that a shape has.</summary>
    internal const int MaxDimensions = 16;

    private const string MetadataName = "__metadata__";

    private SafetensorsHeader(List<SafetensorsEntry> entries, Dictionary<string, string> metadata)
    {
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>The tensors in the order of their bytes.</summary>
    internal IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The file's free text entries.</summary>
    internal IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a header; <paramref name="stream"/> then stands at the first tensor's first byte.</summary>
    /// <exception cref="InvalidDataException">Not a safetensors header.</exception>
    internal static SafetensorsHeader Read(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
            throw Fault("it ends within its first 8 bytes");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > MaxLength)
            throw Fault($"its header must have from 2 to {MaxLength} bytes, and claims {length}");
        byte[] json = ReadBytes(stream, (int)length);
        if (json[0] != (byte)'{')
            throw Fault("its header does not begin with '{'");
        try
        {
            return Parse(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException(
                $"This is not a valid safetensors file: its header is not the JSON it should be: {Quoted.Message(e)}", Quoted.Cause(e));
        }
    }

    /// <summary>
    /// Whether <paramref name="stream"/>, which stands behind the header, is long enough for the tensors; asked before memory is taken for
    /// them.
    /// </summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    internal void RequireTensorsIn(Stream stream)
    {
        if (!stream.CanSeek || Entries.Count == 0)
            return;
        long left = stream.Length - stream.Position;
        SafetensorsEntry cut = Entries[^1];
        if (cut.End > left)
            throw Fault(
                $"it ends within tensor '{Entries.First(entry => entry.End > left).NameText}': its tensors need {cut.End} bytes, and it "
                    + $"has {left}");
    }

    internal static InvalidDataException Fault(string fault) => new($"This is not a valid safetensors file: {fault}.");

    // In pieces where the stream does not say how long it is, so that a short file with a large claim costs nothing.
    private static byte[] ReadBytes(Stream stream, int length)
    {
        const int Piece = 1 << 16;
        if (stream.CanSeek)
        {
            if (stream.Length - stream.Position < length)
                throw Fault($"it ends within its header, after {stream.Length - stream.Position} of {length} bytes");
            byte[] whole = new byte[length];
            stream.ReadExactly(whole);
            return whole;
        }
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[Math.Min(length, Piece)];
        while (bytes.Length < length)
        {
            int read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, length - bytes.Length));
            if (read == 0)
                throw Fault($"it ends within its header, after {bytes.Length} of {length} bytes");
            bytes.Write(buffer, 0, read);
        }
        return bytes.ToArray();
    }

    private static SafetensorsHeader Parse(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        var entries = new List<SafetensorsEntry>();
        var metadata = new Dictionary<string, string>();
        var names = new HashSet<string>();
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextMember(ref reader) is string name)
        {
            if (!names.Add(name))
                throw Fault($"the name '{Quoted.Text(name)}' stands there twice");
            if (names.Count > MaxEntries)
                throw Fault($"it has more than {MaxEntries} tensors");
            if (name == MetadataName)
                ReadMetadata(ref reader, metadata);
            else
                entries.Add(ReadEntry(ref reader, name));
        }
        if (reader.Read())
            throw Fault("something follows its header's object");
        entries.Sort((left, right) => (left.Begin, left.End).CompareTo((right.Begin, right.End)));
        RequireContiguous(entries);
        return new SafetensorsHeader(entries, metadata);
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, Dictionary<string, string> metadata)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextMember(ref reader) is string key)
        {
            Expect(ref reader, JsonTokenType.String);
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw Fault($"the metadata '{Quoted.Text(key)}' stands there twice");
            if (metadata.Count > MaxEntries)
                throw Fault($"it has more than {MaxEntries} metadata");
        }
    }

    private static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        long[]? shape = null, offsets = null;
        Expect(ref reader, JsonTokenType.StartObject);
        while (NextMember(ref reader) is string member)
        {
            if (member == "dtype" && type is null)
            {
                Expect(ref reader, JsonTokenType.String);
                type = reader.GetString()!;
            }
            else if (member == "shape" && shape is null)
                shape = ReadNumbers(ref reader, name);
            else if (member == "data_offsets" && offsets is null)
                offsets = ReadNumbers(ref reader, name);
            else
                throw Fault($"tensor '{Quoted.Text(name)}' has a second or unknown member '{Quoted.Text(member)}'");
        }
        if (type is null || shape is null || offsets is not [long begin, long end])
            throw Fault($"tensor '{Quoted.Text(name)}' lacks its dtype, its shape or its two data_offsets");
        var entry = new SafetensorsEntry(name, type, shape, begin, end);
        RequireBytes(entry);
        return entry;
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, string name)
    {
        long[] numbers = new long[MaxDimensions];
        int count = 0;
        Expect(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw Fault($"tensor '{Quoted.Text(name)}' has a size or offset that is not a whole number from 0 to {long.MaxValue}");
            if (count == MaxDimensions)
                throw Fault($"tensor '{Quoted.Text(name)}' has more than {MaxDimensions} sizes or offsets");
            numbers[count++] = number;
        }
        return numbers[..count];
    }

    private static void RequireBytes(SafetensorsEntry entry)
    {
        int size = SafetensorsEntry.ElementSize(entry.Type);
        if (size == 0)
            throw Fault($"tensor '{entry.NameText}' has the unknown dtype '{Quoted.Text(entry.Type)}'");
        long bytes = size;
        foreach (long extent in entry.Shape)
        {
            if (extent > 0 && bytes > long.MaxValue / extent)
                throw Fault($"tensor '{entry.NameText}' of shape {entry.ShapeText} is larger than any file");
            bytes *= extent;
        }
        // Neither is below 0.
        if (entry.End - entry.Begin != bytes)
            throw Fault(
                $"tensor '{entry.NameText}', {entry.Type} {entry.ShapeText}, needs {bytes} bytes; its data_offsets are [{entry.Begin}, "
                    + $"{entry.End}]");
    }

    private static void RequireContiguous(List<SafetensorsEntry> entries)
    {
        long end = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != end)
                throw Fault($"tensor '{entry.NameText}' begins at byte {entry.Begin}, but the tensors before it end at byte {end}");
            end = entry.End;
        }
    }

    private static string? NextMember(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
            throw Fault($"its header has {reader.TokenType} at byte {reader.TokenStartIndex} where {type} belongs");
    }
}
