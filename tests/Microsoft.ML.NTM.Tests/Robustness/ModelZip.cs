using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>
/// A model's .zip taken apart, so that an attacker's can be put together: contents, and what the main stream announces of them.
/// </summary>
internal sealed class ModelZip
{
    public const string Weights = "weights.safetensors", Sequence = "sequence.json", Network = "network.json";

    private readonly List<(string Name, byte[] Content)> _entries = [];

    public ModelZip(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            using Stream stream = entry.Open();
            var content = new MemoryStream();
            stream.CopyTo(content);
            _entries.Add((entry.FullName, content.ToArray()));
        }
    }

    /// <summary>The content of the entry that ends in <paramref name="name"/>.</summary>
    public byte[] this[string name] => _entries[Find(name)].Content;

    /// <summary>The content of the main stream that announces <paramref name="part"/>.</summary>
    public byte[] MainStreamOf(string part) => _entries[FindMainStream(part)].Content;

    /// <summary>Another content, announced as it is.</summary>
    public ModelZip Replace(string part, byte[] content) =>
        Announce(part, content.Length, SHA256.HashData(content)).Put(Find(part), content);

    /// <summary>Another content, unannounced.</summary>
    public ModelZip Exchange(string name, byte[] content) => Put(Find(name), content);

    /// <summary>Another main stream, unannounced.</summary>
    public ModelZip ExchangeMainStream(string part, byte[] content) => Put(FindMainStream(part), content);

    /// <summary>Another length and hash in the main stream.</summary>
    public ModelZip Announce(string part, int length, byte[]? hash = null)
    {
        int main = FindMainStream(part);
        byte[] content = [.. _entries[main].Content], name = Encoding.UTF8.GetBytes(part);
        int at = content.AsSpan().IndexOf(name) + name.Length;
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(at), length);
        hash?.CopyTo(content, at + sizeof(int));
        return Put(main, content);
    }

    /// <summary>Without an entry.</summary>
    public ModelZip Without(string name)
    {
        _entries.RemoveAt(Find(name));
        return this;
    }

    public byte[] ToArray()
    {
        var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in _entries)
            {
                using Stream stream = archive.CreateEntry(name).Open();
                stream.Write(content);
            }
        }
        return zip.ToArray();
    }

    private ModelZip Put(int entry, byte[] content)
    {
        _entries[entry] = (_entries[entry].Name, content);
        return this;
    }

    private int Find(string name) => _entries.FindIndex(entry => entry.Name.EndsWith(name, StringComparison.Ordinal));

    private int FindMainStream(string part) => _entries.FindIndex(entry =>
        entry.Name.EndsWith("Model.key", StringComparison.Ordinal) && entry.Content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(part)) >= 0);
}
