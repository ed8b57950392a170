using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Microsoft.ML.NTM.Training.Checkpoints;

/// <summary>A checksum over all that a checkpoint holds, so that one flipped bit shows.</summary>
internal static class CheckpointChecksum
{
    /// <summary>The text that holds it.</summary>
    public const string Name = "checksum";

    /// <summary>SHA-256 of all texts but itself and of all tensors, each in the order of their names.</summary>
    public static string Of(IEnumerable<KeyValuePair<string, string>> texts,
        IEnumerable<(string Name, ReadOnlyMemory<float> Values)> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, string text) in texts.Where(text => text.Key != Name).OrderBy(text => text.Key, StringComparer.Ordinal))
        {
            hash.AppendData(MemoryMarshal.AsBytes($"{name}\n{text.Length}\n".AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes("\n".AsSpan()));
        }
        foreach ((string name, ReadOnlyMemory<float> values) in tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            hash.AppendData(MemoryMarshal.AsBytes($"{name}\n{values.Length}\n".AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(values.Span));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
