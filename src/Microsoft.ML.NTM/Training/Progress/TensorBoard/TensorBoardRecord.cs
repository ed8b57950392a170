using System.Buffers.Binary;
using System.Numerics;

namespace Microsoft.ML.NTM.Training;

/// <summary>A record of a TFRecord file: length, its checksum, content, its checksum; all numbers little-endian.</summary>
internal static class TensorBoardRecord
{
    // TensorFlow rotates a checksum and adds this, so that a record that holds records does not checksum its own checksums.
    private const uint MaskDelta = 0xa282ead8;

    /// <summary>Appends a record.</summary>
    public static void Write(Stream stream, ReadOnlySpan<byte> content)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)], checksum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)content.Length);
        stream.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, MaskedChecksum(length));
        stream.Write(checksum);
        stream.Write(content);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, MaskedChecksum(content));
        stream.Write(checksum);
    }

    /// <summary>CRC-32C (Castagnoli), masked.</summary>
    internal static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        uint checksum = uint.MaxValue;
        foreach (byte value in bytes)
            checksum = BitOperations.Crc32C(checksum, value);
        return BitOperations.RotateRight(~checksum, 15) + MaskDelta;
    }
}
