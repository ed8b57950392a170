using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Interop;

/// <summary>
/// How large parts of a model's .zip are before they are unpacked: ML.NET unpacks a part whole, to a temporary file, whatever size that is.
/// </summary>
internal static class ArchiveSizes
{
    /// <summary>
    /// The unpacked and the packed size of the part called <paramref name="name"/> beside the context's main stream; null where there is
    /// no such part.
    /// </summary>
    internal static (long Unpacked, long Packed)? Of(ModelLoadContext context, string name)
    {
        string path = Path.Combine(context.Directory ?? "", name).Replace('\\', '/');
        (long, long)? found = null;
        // Of several parts of one name ML.NET takes the last.
        foreach (ZipArchiveEntry entry in Archive(context.Repository).Entries)
        {
            if (entry.FullName.Replace('\\', '/') == path)
                found = (entry.Length, entry.CompressedLength);
        }
        return found;
    }

    // Private in Microsoft.ML.Core: a test reads a model, so an upgrade that renames it fails there.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_archive")]
    private static extern ref ZipArchive Archive(RepositoryReader repository);
}
