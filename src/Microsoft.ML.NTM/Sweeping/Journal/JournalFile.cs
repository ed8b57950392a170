using System.Security.Cryptography;
using System.Text.Json;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>
/// Lines that are only ever added, each on the disk before anything follows from it. A line is eight digits of its text's SHA-256, a space,
/// and the text, so that one which was cut off by a crash is known as such and left out; anything else that does not fit is an error.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private const int Digits = 8;
    private readonly FileStream _file;

    private JournalFile(FileStream file) => _file = file;

    /// <summary>Opens or makes a journal, and reads what is there.</summary>
    /// <exception cref="IOException">The file cannot be used, for instance because another process has it.</exception>
    /// <exception cref="InvalidDataException">It is damaged before its end; the message names the line.</exception>
    public static (JournalFile File, List<JournalEntry> Entries) Open(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            List<JournalEntry> entries = [];
            int whole = Read(bytes, entries, path);
            file.SetLength(whole);
            file.Position = whole;
            file.Flush(flushToDisk: true);
            return (new JournalFile(file), entries);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds a line; once this returns it survives whatever happens.</summary>
    public void Add(JournalEntry entry)
    {
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Lines.JournalEntry);
        _file.Write([.. Checksum(text), (byte)' ', .. text, (byte)'\n']);
        _file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // The bytes up to the end of the last whole line.
    private static int Read(byte[] bytes, List<JournalEntry> entries, string path)
    {
        int start = 0;
        while (start < bytes.Length)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
                break;
            if (Parse(bytes.AsSpan(start, length)) is not { } entry)
            {
                // A crash can leave a hole in the last line it was writing, but never before it.
                if (start + length + 1 == bytes.Length)
                    break;
                throw new InvalidDataException(
                    $"The sweep's journal '{path}' is damaged: line {entries.Count + 1} is not what was written. "
                    + "Cut the file before that line to go on from there, or choose another folder.");
            }
            entries.Add(entry);
            start += length + 1;
        }
        return start;
    }

    private static JournalEntry? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length <= Digits || line[Digits] != ' ' || !line[..Digits].SequenceEqual(Checksum(line[(Digits + 1)..])))
            return null;
        try
        {
            return JsonSerializer.Deserialize(line[(Digits + 1)..], JournalJson.Lines.JournalEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Checksum(ReadOnlySpan<byte> text) =>
        [.. Convert.ToHexStringLower(SHA256.HashData(text)).AsSpan(0, Digits).ToArray().Select(digit => (byte)digit)];
}
