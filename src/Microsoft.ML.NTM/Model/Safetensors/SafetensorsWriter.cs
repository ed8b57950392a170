using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.NTM.Model.Safetensors;

/// <summary>Tensors as a safetensors stream: same tensors and metadata, same bytes.</summary>
internal static class SafetensorsWriter
{
    /// <summary>Writes <paramref name="parameters"/> as F32 under their own names, in the layout's order.</summary>
    internal static void Write(Stream stream, ParameterSet parameters, IReadOnlyDictionary<string, string>? metadata = null) =>
        Write(stream, [.. Tensors(parameters)], metadata);

    /// <summary>Writes <paramref name="tensors"/> as F32, in their order, the header padded with spaces to a multiple of 8 bytes.</summary>
    /// <exception cref="ArgumentException">The header would be longer than the format allows, or a number is not finite.</exception>
    internal static void Write(Stream stream, IReadOnlyList<SafetensorsTensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        foreach (SafetensorsTensor tensor in tensors)
            RequireFinite(tensor);
        byte[] header = Header(tensors, metadata);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (SafetensorsTensor tensor in tensors)
            WriteNumbers(stream, tensor.Values.Span);
    }

    private static IEnumerable<SafetensorsTensor> Tensors(ParameterSet parameters) => parameters.Layout.Slices.Select(slice =>
        new SafetensorsTensor(slice.Name, slice.Shape, parameters.Values.AsMemory(slice.Offset, slice.Length)));

    private static byte[] Header(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
                WriteMetadata(writer, metadata);
            long offset = 0;
            foreach (SafetensorsTensor tensor in tensors)
                WriteEntry(writer, tensor, ref offset);
            writer.WriteEndObject();
        }
        const int Alignment = 8;
        int padded = (json.WrittenCount + Alignment - 1) / Alignment * Alignment;
        if (padded > SafetensorsHeader.MaxLength)
            throw new ArgumentException($"A safetensors header has at most {SafetensorsHeader.MaxLength} bytes; this one needs {padded}.");
        byte[] header = new byte[padded];
        header.AsSpan(json.WrittenCount).Fill((byte)' ');
        json.WrittenSpan.CopyTo(header);
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> metadata)
    {
        writer.WriteStartObject("__metadata__");
        foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter writer, SafetensorsTensor tensor, ref long offset)
    {
        long end = offset + 4L * tensor.Values.Length;
        writer.WriteStartObject(tensor.Name);
        writer.WriteString("dtype", "F32");
        writer.WriteStartArray("shape");
        foreach (int size in tensor.Shape)
            writer.WriteNumberValue(size);
        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(offset);
        writer.WriteNumberValue(end);
        writer.WriteEndArray();
        writer.WriteEndObject();
        offset = end;
    }

    private static void WriteNumbers(Stream stream, ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        Span<byte> bytes = stackalloc byte[4];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            stream.Write(bytes);
        }
    }

    private static void RequireFinite(SafetensorsTensor tensor)
    {
        foreach (float value in tensor.Values.Span)
        {
            if (!float.IsFinite(value))
                throw new ArgumentException($"'{tensor.Name}' holds {value}; only finite numbers can be saved.");
        }
    }
}

/// <summary>One tensor to write.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its sizes, outermost first.</param>
/// <param name="Values">Its numbers, row-major.</param>
internal readonly record struct SafetensorsTensor(string Name, IReadOnlyList<int> Shape, ReadOnlyMemory<float> Values);
