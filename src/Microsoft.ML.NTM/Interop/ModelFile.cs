using System.Security.Cryptography;

namespace Microsoft.ML.NTM.Interop;

/// <summary>
/// Named parts of a model in ML.NET's .zip, each with its length and SHA-256 in the model's main stream, so that a cut or altered file is
/// an error and never a wrong model. ML.NET itself does not check what the archive gives it.
/// </summary>
internal static class ModelFile
{
    private const int LongestPart = int.MaxValue - 64;
    private const int MostParts = 16;

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
    /// <exception cref="InvalidDataException">A part is missing, cut or altered.</exception>
    public static Dictionary<string, byte[]> Load(ModelLoadContext context, VersionInfo version)
    {
        context.CheckAtModel(version);
        var parts = new Dictionary<string, byte[]>();
        int count = context.Reader.ReadInt32();
        if (count is < 0 or > MostParts)
            throw Damaged("main stream", $"it announces {count} parts");
        for (int i = 0; i < count; i++)
        {
            string name = context.Reader.ReadString();
            int length = context.Reader.ReadInt32();
            byte[] hash = context.Reader.ReadBytes(SHA256.HashSizeInBytes);
            if (length is < 0 or > LongestPart)
                throw Damaged(name, $"its length is given as {length}");
            byte[]? content = null;
            if (!context.TryLoadBinaryStream(name, reader => content = Read(reader.BaseStream, name, length)))
                throw Damaged(name, "it is missing");
            if (!SHA256.HashData(content!).AsSpan().SequenceEqual(hash))
                throw Damaged(name, "its SHA-256 is not the one it was saved with");
            parts.Add(name, content!);
        }
        return parts;
    }

    // Grows with what really comes, so that a false length cannot claim memory.
    private static byte[] Read(Stream stream, string name, int length)
    {
        var content = new MemoryStream();
        stream.CopyTo(content);
        return content.Length == length
            ? content.ToArray()
            : throw Damaged(name, $"it should have {length} bytes and has {content.Length}");
    }

    private static InvalidDataException Damaged(string part, string what) =>
        new($"The model file is damaged or was edited: in the part '{part}', {what}.");
}
