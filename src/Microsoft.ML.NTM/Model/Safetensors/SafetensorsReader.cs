using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.NTM.Model.Safetensors;

/// <summary>Parameters from a safetensors stream, ours or another implementation's. Nothing is kept of a stream that has a fault.</summary>
internal static class SafetensorsReader
{
    /// <summary>
    /// The parameters of a network of <paramref name="layout"/>. F64, F16 and BF16 numbers become float32. Memory for them is taken only
    /// after the header has promised every parameter.
    /// </summary>
    /// <param name="stream">Stands at the file's first byte; read to its end.</param>
    /// <param name="layout">Which parameters must be there: these and no others, with these shapes.</param>
    /// <exception cref="InvalidDataException">Not a safetensors file, or not of this network; the message lists the first parameters that
    /// are missing, unexpected or of another shape or type.</exception>
    internal static ParameterSet Read(Stream stream, ParameterLayout layout) => Read(SafetensorsHeader.Read(stream), stream, layout);

    /// <summary>The same for a stream whose header has been read.</summary>
    /// <inheritdoc cref="Read(Stream, ParameterLayout)"/>
    internal static ParameterSet Read(SafetensorsHeader header, Stream stream, ParameterLayout layout)
    {
        RequireLayout(header, layout);
        header.RequireTensorsIn(stream);
        var parameters = new ParameterSet(layout);
        ReadTensors(stream, header, entry => parameters.Values.AsMemory(layout[entry.Name].Offset, layout[entry.Name].Length));
        return parameters;
    }

    /// <summary>
    /// Reads every tensor after <paramref name="header"/>, each to the room of its size that <paramref name="target"/> gives.
    /// </summary>
    /// <exception cref="InvalidDataException">The stream is cut short, has bytes too many, or holds a number that is not
    /// finite.</exception>
    internal static void ReadTensors(Stream stream, SafetensorsHeader header, Func<SafetensorsEntry, Memory<float>> target)
    {
        foreach (SafetensorsEntry entry in header.Entries)
            ReadTensor(stream, entry, target(entry).Span);
        if (stream.ReadByte() >= 0)
            throw SafetensorsHeader.Fault("bytes follow the last tensor");
    }

    private static void RequireLayout(SafetensorsHeader header, ParameterLayout layout)
    {
        var faults = new List<string>();
        var found = header.Entries.ToDictionary(entry => entry.Name);
        foreach (ParameterSlice slice in layout.Slices)
        {
            if (!found.Remove(slice.Name, out SafetensorsEntry? entry))
                faults.Add($"{slice.Name} {SafetensorsEntry.TextOf(slice.Shape)} is missing");
            else if (!entry.Has(slice.Shape))
                faults.Add($"{slice.Name} must be {SafetensorsEntry.TextOf(slice.Shape)} and is {entry.ShapeText}");
            else if (!entry.IsFloat)
                faults.Add($"{slice.Name} must be F32, F64, F16 or BF16 and is {Quoted.Text(entry.Type)}");
        }
        faults.AddRange(found.Values.Select(entry => $"{entry.NameText} {entry.ShapeText} is unexpected"));
        if (faults.Count > 0)
            throw new InvalidDataException($"The parameters in the file are not this network's: {Quoted.List(faults, "; ")}.");
    }

    private static void ReadTensor(Stream stream, SafetensorsEntry entry, Span<float> values)
    {
        const int Piece = 1 << 13;
        int size = SafetensorsEntry.ElementSize(entry.Type);
        byte[] buffer = new byte[Math.Min(values.Length, Piece) * size];
        for (int done = 0; done < values.Length;)
        {
            int count = Math.Min(Piece, values.Length - done);
            Span<byte> bytes = buffer.AsSpan(0, count * size);
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
                throw SafetensorsHeader.Fault($"it ends within tensor '{entry.NameText}'");
            Convert(entry.Type, bytes, values.Slice(done, count));
            RequireFinite(entry, values.Slice(done, count), done);
            done += count;
        }
    }

    private static void Convert(string type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        if (type == "F32" && BitConverter.IsLittleEndian)
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(values));
            return;
        }
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]),
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
                _ => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16),
            };
        }
    }

    // At once: compiled when it is called first and again within its loop, it would cost a loaded model's first score a few milliseconds.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RequireFinite(SafetensorsEntry entry, ReadOnlySpan<float> values, int start)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                throw NotFinite(entry, start + i, values[i]);
        }
    }

    private static InvalidDataException NotFinite(SafetensorsEntry entry, int at, float value) => new(FormattableString.Invariant(
        $"Number {at} of '{entry.NameText}' in the safetensors file is {value}; only finite numbers are allowed."));
}
