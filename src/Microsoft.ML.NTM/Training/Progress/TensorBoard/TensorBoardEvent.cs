using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.NTM.Training;

/// <summary>
/// TensorFlow's <c>Event</c> as protocol buffers encode it: wall_time = 1 (double), step = 2 (int64), file_version = 3 (string),
/// summary = 5 with repeated value = 1 of tag = 1 (string) and simple_value = 2 (float).
/// </summary>
internal sealed class TensorBoardEvent
{
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    private readonly MemoryStream _content = new();

    /// <param name="wallTime">When it happened.</param>
    public TensorBoardEvent(DateTimeOffset wallTime)
    {
        Span<byte> seconds = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(seconds, wallTime.ToUnixTimeMilliseconds() / 1000.0);
        Key(_content, 1, Fixed64);
        _content.Write(seconds);
    }

    /// <summary>The first event of a file.</summary>
    public TensorBoardEvent Version()
    {
        Text(_content, 3, "brain.Event:2");
        return this;
    }

    /// <summary>Numbers of a step, by name.</summary>
    public TensorBoardEvent Scalars(long step, params ReadOnlySpan<(string Tag, double Value)> scalars)
    {
        Key(_content, 2, Varint);
        Number(_content, (ulong)step);
        using var summary = new MemoryStream();
        Span<byte> bits = stackalloc byte[sizeof(float)];
        foreach ((string tag, double value) in scalars)
        {
            using var item = new MemoryStream();
            Text(item, 1, tag);
            Key(item, 2, Fixed32);
            BinaryPrimitives.WriteSingleLittleEndian(bits, (float)value);
            item.Write(bits);
            Bytes(summary, 1, item.ToArray());
        }
        Bytes(_content, 5, summary.ToArray());
        return this;
    }

    /// <summary>The encoded event.</summary>
    public byte[] ToArray() => _content.ToArray();

    private static void Text(MemoryStream to, int field, string text) => Bytes(to, field, Encoding.UTF8.GetBytes(text));

    private static void Bytes(MemoryStream to, int field, ReadOnlySpan<byte> bytes)
    {
        Key(to, field, Delimited);
        Number(to, (ulong)bytes.Length);
        to.Write(bytes);
    }

    private static void Key(MemoryStream to, int field, int wireType) => Number(to, (ulong)(field << 3 | wireType));

    // Seven bits a byte, the lowest first; the eighth says that more follow.
    private static void Number(MemoryStream to, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            to.WriteByte((byte)(value | 0x80));
        to.WriteByte((byte)value);
    }
}
