using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.NTM.Interop;

/// <summary>
/// Named parts of a model in ML.NET's .zip, each with its length and SHA-256 in the model's main stream, so that a cut or altered file is
/// an error and never a wrong model. ML.NET itself does not check what the archive gives it. The file is not trusted: a part is unpacked
/// only
/// if it has the length that was announced, and if all parts together are no larger than such a file's can be.
/// </summary>
internal static class ModelFile
{
    private const int LongestPart = int.MaxValue - 64;
    private const int MostParts = 16;
    private const int LongestName = 200;

    /// <summary>
    /// Parts may have this many bytes, and twice as many as the largest of them has in the archive. Most of a model is parameters, which
    /// hardly
    /// can be packed; a bomb's bytes take a thousandth of their size.
    /// </summary>
    internal const long FreeBytes = 24 << 20;

    // Weights may have this many bytes, and four times as many as in the archive: few of those that were trained are zeros.
    private const long FreeWeightBytes = 4 << 20, WeightPacking = 4;

    /// <summary>Writes the version and all parts.</summary>
    public static void Save(ModelSaveContext context, VersionInfo version, IReadOnlyList<(string Name, byte[] Content)> parts)
    {
        context.CheckAtModel();
        context.SetVersionInfo(version);
        context.Writer.Write(parts.Count);
        foreach ((string name, byte[] content) in parts)
        {
            context.Writer.Write(name);
            context.Writer.Write(content.Length);
            context.Writer.Write(SHA256.HashData(content));
            context.SaveBinaryStream(name, writer => writer.Write(content));
        }
    }

    /// <summary>Reads all parts back.</summary>
    /// <exception cref="InvalidDataException">A part is missing, cut, altered or larger than it can be.</exception>
    public static Dictionary<string, byte[]> Load(ModelLoadContext context, VersionInfo version)
    {
        context.CheckAtModel(version);
        List<Part> announced = ReadParts(context.Reader);
        RequireSizes(context, announced);
        var parts = new Dictionary<string, byte[]>();
        foreach (Part part in announced)
        {
            byte[]? content = null;
            if (!context.TryLoadBinaryStream(part.Name, reader => content = Read(reader.BaseStream, part)))
                throw Damaged(part.Name, "it is missing");
            if (!SHA256.HashData(content!).AsSpan().SequenceEqual(part.Hash))
                throw Damaged(part.Name, "its SHA-256 is not the one it was saved with");
            parts.Add(part.Name, content!);
        }
        return parts;
    }

    private static List<Part> ReadParts(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        if (count is < 0 or > MostParts)
            throw Damaged("main stream", $"it announces {count} parts");
        var parts = new List<Part>();
        for (int i = 0; i < count; i++)
        {
            string name = ReadName(reader);
            int length = reader.ReadInt32();
            byte[] hash = reader.ReadBytes(SHA256.HashSizeInBytes);
            if (length is < 0 or > LongestPart)
                throw Damaged(name, $"its length is given as {length}");
            if (parts.Any(part => part.Name == name))
                throw Damaged(name, "it is announced twice");
            parts.Add(new Part(name, length, hash));
        }
        return parts;
    }

    // As BinaryReader.ReadString, but never longer than a name is.
    private static string ReadName(BinaryReader reader)
    {
        int length = reader.Read7BitEncodedInt();
        return length is >= 1 and <= LongestName
            ? Encoding.UTF8.GetString(reader.ReadBytes(length))
            : throw Damaged("main stream", $"the name of a part has {length} bytes");
    }

    private static void RequireSizes(ModelLoadContext context, List<Part> parts)
    {
        long all = 0, packed = 0;
        foreach (Part part in parts)
        {
            (long unpacked, long inArchive) = ArchiveSizes.Of(context, part.Name) ?? throw Damaged(part.Name, "it is missing");
            if (unpacked != part.Length)
                throw Damaged(part.Name, $"it should have {part.Length} bytes and has {unpacked}");
            if (part.Name.EndsWith(".safetensors", StringComparison.Ordinal) && unpacked > FreeWeightBytes + WeightPacking * inArchive)
                throw Damaged(part.Name, $"its {unpacked} bytes take {inArchive} bytes in the file: no model can be packed so well");
            all += unpacked;
            packed = Math.Max(packed, inArchive);
        }
        if (all > FreeBytes + 2 * packed)
            throw Damaged("main stream",
                $"its parts unpack to {all} bytes, and the largest of them takes {packed} bytes in the file: no model can be packed so "
                    + $"well");
    }

    private static byte[] Read(Stream stream, Part part)
    {
        byte[] content = new byte[part.Length];
        int read = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        if (read < content.Length || stream.ReadByte() >= 0)
            throw Damaged(part.Name, $"it should have {part.Length} bytes and has {(read < content.Length ? read : stream.Length)}");
        return content;
    }

    private static InvalidDataException Damaged(string part, string what) =>
        new($"The model file is damaged or was edited: in the part '{part}', {what}.");

    private sealed record Part(string Name, int Length, byte[] Hash);
}
