using System.Globalization;

namespace Microsoft.ML.NTM.Training.Checkpoints;

/// <summary>
/// One training's place in a folder that many trainings may share: a subfolder named after its identity and seed, with
/// <c>identity.json</c>, the newest two checkpoints, and a lock that is held while the training runs.
/// </summary>
/// <remarks>
/// A checkpoint is written beside, down to the disk, and renamed; so whenever the process dies, every file under a checkpoint's name is
/// whole. A file that is damaged all the same is left as it is, and the one before it serves.
/// </remarks>
internal sealed class CheckpointStore : IDisposable
{
    private const string IdentityFile = "identity.json", LockFile = "in-use", Extension = ".safetensors";

    // The newest, and one in case that is damaged.
    private const int KeptFiles = 2;

    private readonly string _folder;
    private readonly FileStream? _lock;
    private readonly List<string> _own = [];

    private CheckpointStore(string folder, int seed, FileStream? held, string? note)
    {
        (_folder, Seed, _lock, Note) = (folder, seed, held, note);
    }

    /// <summary>The training's seed: the one asked for, or the one of the training that is gone on with, or a fresh one.</summary>
    public int Seed { get; }

    /// <summary>The training's own folder.</summary>
    public string Folder => _folder;

    /// <summary>What the user should know about the place, or null.</summary>
    public string? Note { get; }

    /// <summary>Whether the training has the place for itself; else another one is running there, and nothing is saved.</summary>
    public bool IsHeld => _lock is not null;

    /// <summary>The place of a training in <paramref name="folder"/>, made if it is not there.</summary>
    /// <param name="folder">The folder that trainings share.</param>
    /// <param name="identity">Which training it is.</param>
    /// <param name="seed">Its seed; null: that of such a training that is there and not running, else a fresh one.</param>
    /// <param name="freshSeed">Draws a seed.</param>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static CheckpointStore Open(string folder, TrainingIdentity identity, int? seed, Func<int> freshSeed)
    {
        Directory.CreateDirectory(folder);
        string prefix = identity.Key + "-seed";
        if (seed is null)
        {
            foreach (string known in Directory.EnumerateDirectories(folder, prefix + "*").Order(StringComparer.Ordinal))
            {
                if (int.TryParse(Path.GetFileName(known)[prefix.Length..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                    out int found)
                    && Files(known).Count > 0 && TryLock(known) is { } held)
                    return new CheckpointStore(known, found, held, null);
            }
        }
        int own = seed ?? freshSeed();
        string place = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{prefix}{own}"));
        string? note = Directory.Exists(place) ? null : Nearest(folder, identity, prefix);
        Directory.CreateDirectory(place);
        FileStream? heldNow = TryLock(place);
        if (heldNow is null)
            note = $"The same training is running elsewhere with its checkpoints in '{place}'; this one saves none.";
        else
            Replace(Path.Combine(place, IdentityFile), stream => stream.Write(identity.Write()));
        return new CheckpointStore(place, own, heldNow, note);
    }

    /// <summary>The newest whole checkpoint of at most <paramref name="lastIteration"/> iterations, or null.</summary>
    /// <param name="lastIteration">Where the training asked for ends.</param>
    /// <param name="warn">Told about files that are damaged.</param>
    public CheckpointLoader? Load(long lastIteration, Action<string> warn)
    {
        foreach ((string path, long iteration) in Files(_folder))
        {
            if (iteration > lastIteration)
                continue;
            try
            {
                var loader = new CheckpointLoader(path);
                _own.Add(path);
                return loader;
            }
            catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                warn($"The checkpoint '{path}' cannot be used and stays as it is: {fault.Message}");
            }
        }
        return null;
    }

    /// <summary>Adds a checkpoint and takes away what is no longer needed of this training's own.</summary>
    /// <exception cref="IOException">It could not be written; the ones before are whole.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save(CheckpointSaver checkpoint, long iteration)
    {
        if (!IsHeld)
            return;
        string path = FreePath(iteration);
        Replace(path, checkpoint.Write);
        _own.Add(path);
        while (_own.Count > KeptFiles)
        {
            File.Delete(_own[0]);
            _own.RemoveAt(0);
        }
    }

    /// <summary>Lets others have the place.</summary>
    public void Dispose() => _lock?.Dispose();

    // A damaged file of the same name is not written over.
    private string FreePath(long iteration)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"checkpoint-{iteration:D9}");
        string path = Path.Combine(_folder, name + Extension);
        for (int copy = 2; File.Exists(path); copy++)
            path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{copy}{Extension}"));
        return path;
    }

    // Newest first; of two of the same iteration, the later copy.
    private static List<(string Path, long Iteration)> Files(string folder)
    {
        var files = new List<(string Path, long Iteration, int Copy)>();
        foreach (string path in Directory.EnumerateFiles(folder, "checkpoint-*" + Extension))
        {
            string[] numbers = Path.GetFileNameWithoutExtension(path).Split('-');
            if (long.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out long iteration))
                files.Add((path, iteration, numbers.Length > 2
                    && int.TryParse(numbers[2], NumberStyles.None, CultureInfo.InvariantCulture, out int copy) ? copy : 1));
        }
        return [.. files.OrderByDescending(file => file.Iteration).ThenByDescending(file => file.Copy)
            .Select(file => (file.Path, file.Iteration))];
    }

    private static FileStream? TryLock(string place)
    {
        try
        {
            return new FileStream(Path.Combine(place, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (IsHeldElsewhere(fault))
        {
            return null;
        }
    }

    // That somebody holds a file is told from a full disk or one that is only read by the system's own number: EAGAIN of Linux and of
    // macOS, and Windows' violations of sharing and of a lock.
    private static bool IsHeldElsewhere(IOException fault) => OperatingSystem.IsWindows()
        ? (fault.HResult & 0xFFFF) is 32 or 33
        : fault.HResult == (OperatingSystem.IsMacOS() ? 35 : 11);

    private static void Replace(string path, Action<Stream> write)
    {
        string temporary = path + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            write(stream);
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    // Why a training starts afresh although there are others: what differs from the one most like it.
    private static string? Nearest(string folder, TrainingIdentity identity, string prefix)
    {
        (string Name, TrainingIdentity Identity, int Differences)? nearest = null;
        foreach (string other in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            string file = Path.Combine(other, IdentityFile);
            if (TrainingIdentity.ReadFile(file) is not { } found)
                continue;
            int differences = identity.Differences(found).Length;
            if (nearest is null || differences < nearest.Value.Differences)
                nearest = (Path.GetFileName(other), found, differences);
        }
        if (nearest is not { } most)
            return null;
        string what = most.Differences == 0 ? $"Seed ({most.Name[Math.Min(prefix.Length, most.Name.Length)..]} there)"
            : identity.Describe(most.Identity);
        return $"The training starts afresh: of the checkpoints in '{folder}' the most alike, '{most.Name}', differ in {what}.";
    }
}
