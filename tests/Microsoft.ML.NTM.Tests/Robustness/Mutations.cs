using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>Changes of a sound file that keep enough of its structure to get past the first check. All follow from the generator.</summary>
internal static partial class Mutations
{
    private static readonly string[] s_words =
    [
        "null", "true", "0", "1", "2", "-1", "1e99", "0.5", "2147483647", "4294967296", "99999999999999999999", "\"\"", "\"Ntm\"",
            "\"F16\"", "\"I8\"", "{}", "[]",
        "[null]", "[0,0]", "\"\\ud800\"", "NaN",
    ];

    private static readonly float[] s_numbers = [float.NaN, float.PositiveInfinity, float.MaxValue, -float.MaxValue, -1, 0, 1e17f, 1e31f,
        float.Epsilon];

    /// <summary>Bytes taken away, doubled, turned or changed.</summary>
    public static byte[] Bytes(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length + 1), end = Math.Min(at + random.Next(1, 40), bytes.Length);
        switch (random.Next(5))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes[end..]];
            case 2:
                return [.. bytes[..end], .. bytes[at..]];
            case 3:
                byte[] random8 = new byte[8];
                random.NextBytes(random8);
                return [.. bytes[..at], .. random8, .. bytes[at..]];
            default:
                byte[] changed = [.. bytes];
                if (at < changed.Length)
                    changed[at] ^= (byte)(1 << random.Next(8));
                return changed;
        }
    }

    /// <summary>Another word or number in the place of one, a member twice or not at all, or a text made very long.</summary>
    public static byte[] Json(byte[] json, Random random)
    {
        string text = Encoding.UTF8.GetString(json);
        MatchCollection words = Word().Matches(text);
        if (words.Count == 0)
            return Bytes(json, random);
        Match word = words[random.Next(words.Count)];
        (string before, string after) = (text[..word.Index], text[(word.Index + word.Length)..]);
        string changed = random.Next(10) switch
        {
            0 => before + after,
            1 => $"{before}{word.Value},{word.Value}{after}",
            2 => $"{before}\"{new string('x', random.Next(4) == 0 ? 200_000 : 300)}\"{after}",
            3 => $"{before}{new string('[', random.Next(1, 100))}{after}",
            _ => $"{before}{s_words[random.Next(s_words.Length)]}{after}",
        };
        return Encoding.UTF8.GetBytes(changed);
    }

    /// <summary>A header's JSON changed, with its length put right or not, or a number of the tensors.</summary>
    public static byte[] Safetensors(byte[] file, Random random)
    {
        int header = file.Length < 8 ? 0 : (int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(file), (ulong)file.Length - 8);
        switch (random.Next(5))
        {
            case 0:
                return Bytes(file, random);
            case 1 when file.Length >= header + 8 + sizeof(float):
                return Number(file, 8 + header, random);
            default:
                byte[] json = Json(file[Math.Min(8, file.Length)..(Math.Min(8, file.Length) + header)], random);
                byte[] changed = [.. new byte[8], .. json, .. file[Math.Min(file.Length, 8 + header)..]];
                BinaryPrimitives.WriteInt64LittleEndian(changed, random.Next(20) == 0 ? random.NextInt64() : json.Length);
                return changed;
        }
    }

    /// <summary>A float of the bytes from <paramref name="start"/> on.</summary>
    public static byte[] Number(byte[] bytes, int start, Random random)
    {
        byte[] changed = [.. bytes];
        int count = (bytes.Length - start) / sizeof(float);
        if (count > 0)
            BinaryPrimitives.WriteSingleLittleEndian(changed.AsSpan(start + sizeof(float) * random.Next(count)),
                s_numbers[random.Next(s_numbers.Length)]);
        return changed;
    }

    [GeneratedRegex("-?[0-9.]+|\"[^\"]*\"|true|false|null")]
    private static partial Regex Word();
}
