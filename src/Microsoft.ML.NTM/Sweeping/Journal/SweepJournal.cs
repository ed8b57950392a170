namespace Microsoft.ML.NTM.Sweeping;

/// <summary>
/// A sweep's folder: <c>journal.jsonl</c> with everything that happened, <c>models</c> with a .zip per trial that may win,
/// <c>checkpoints</c> of trials under way. The process may end at any moment; whoever opens the folder again goes on with nothing lost.
/// </summary>
internal sealed class SweepJournal : IDisposable
{
    private const int Version = 1;
    private const string FileName = "journal.jsonl";
    private readonly JournalFile _file;

    private SweepJournal(SweepFolder folder, JournalFile file, List<TrialRecord> trials) =>
        (Folder, _file, Trials) = (folder, file, trials);

    /// <summary>Where models and checkpoints are.</summary>
    public SweepFolder Folder { get; }

    /// <summary>The trials as the journal has them.</summary>
    public IReadOnlyList<TrialRecord> Trials { get; }

    /// <summary>Opens a folder, or makes it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="sweep">
    /// What the sweep is, by name; a journal of another one is refused. A value that is null is taken from the journal.
    /// </param>
    /// <exception cref="InvalidDataException">The journal is damaged or another sweep's.</exception>
    public static SweepJournal Open(SweepFolder folder, SortedDictionary<string, string?> sweep)
    {
        string path = Path.Combine(folder.Path, FileName);
        (JournalFile file, List<JournalEntry> entries) = JournalFile.Open(path);
        try
        {
            if (entries.Count == 0)
                file.Add(new JournalEntry
                {
                    Event = "sweep",
                    Version = Version,
                    Sweep = new(sweep.ToDictionary(part => part.Key, part => part.Value ?? ""))
                });
            else
                RequireSame(entries[0], sweep, path);
            return new SweepJournal(folder, file, Replay(entries.Skip(1), path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>What a part of a folder's sweep is; null if there is no sweep yet.</summary>
    public static string? Peek(string folder, string part)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        (JournalFile file, List<JournalEntry> entries) = JournalFile.Open(path);
        file.Dispose();
        return entries.Count > 0 && entries[0].Sweep is { } sweep && sweep.TryGetValue(part, out string? value) ? value : null;
    }

    /// <summary>A trial begins, or is taken up again.</summary>
    public void Begin(TrialRecord trial) => _file.Add(new JournalEntry
    {
        Event = "begin",
        Trial = trial.Number,
        Attempt = trial.Attempt,
        Point = trial.Point,
        Repeat = trial.Repeat,
        RepeatOf = trial.RepeatOf,
        Worker = trial.Worker,
    });

    /// <summary>A trial has come as far as its curve says.</summary>
    public void Report(TrialRecord trial) => _file.Add(new JournalEntry
    {
        Event = "report",
        Trial = trial.Number,
        Part = trial.Curve[^1].Resource,
        Loss = trial.Curve[^1].Loss,
        Pruned = trial.Status == SweepTrialStatus.Pruned ? true : null,
        Seconds = trial.Seconds,
    });

    /// <summary>A trial is complete; its model was saved before.</summary>
    public void Complete(TrialRecord trial) =>
        _file.Add(new JournalEntry { Event = "complete", Trial = trial.Number, Objective = trial.Objective, Seconds = trial.Seconds });

    /// <summary>A trial failed.</summary>
    public void Fail(TrialRecord trial) =>
        _file.Add(new JournalEntry { Event = "fail", Trial = trial.Number, Error = trial.Error, Seconds = trial.Seconds });

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static void RequireSame(JournalEntry first, SortedDictionary<string, string?> sweep, string path)
    {
        if (first.Event != "sweep" || first.Version is null || first.Sweep is null)
            throw new InvalidDataException($"'{path}' is not a sweep's journal.");
        if (first.Version != Version)
            throw new InvalidDataException(
                $"The sweep's journal '{path}' is of version {first.Version}; this library reads version {Version}.");
        string[] different =
            [.. sweep.Where(part => part.Value is not null && first.Sweep.GetValueOrDefault(part.Key) != part.Value).Select(part =>
            $"{part.Key} is {Short(first.Sweep.GetValueOrDefault(part.Key))} there and {Short(part.Value)} here")];
        if (different.Length > 0)
            throw new InvalidDataException(
                $"The journal '{path}' is another sweep's: {string.Join("; ", different)}. Choose another folder.");
    }

    private static string Short(string? text) => text is null ? "missing" : text.Length <= 150 ? $"'{text}'" : $"'{text[..150]} ...'";

    private static List<TrialRecord> Replay(IEnumerable<JournalEntry> entries, string path)
    {
        List<TrialRecord> trials = [];
        int line = 1;
        foreach (JournalEntry entry in entries)
        {
            line++;
            bool begins = entry is { Event: "begin", Point: not null } && entry.Trial == trials.Count;
            if (begins)
                trials.Add(new TrialRecord
                {
                    Number = trials.Count,
                    Point = entry.Point!,
                    Repeat = entry.Repeat ?? 0,
                    RepeatOf = entry.RepeatOf
                });
            if (entry.Trial is not int number || number < 0 || number >= trials.Count || !Apply(trials[number], entry))
                throw new InvalidDataException(
                    $"The sweep's journal '{path}' cannot be followed: line {line} ({entry.Event}) does not go with what was before.");
        }
        return trials;
    }

    private static bool Apply(TrialRecord trial, JournalEntry entry)
    {
        if (trial.IsOver)
            return false;
        trial.Seconds = entry.Seconds ?? trial.Seconds;
        switch (entry.Event)
        {
            case "begin":
                (trial.Attempt, trial.Worker) = (entry.Attempt ?? 1, entry.Worker ?? "");
                return true;
            case "report" when entry is { Part: int part, Loss: double loss } && part > trial.Resource:
                trial.Curve.Add(new CurvePoint(part, loss));
                trial.Status = entry.Pruned == true ? SweepTrialStatus.Pruned : SweepTrialStatus.Running;
                return true;
            case "complete" when entry.Objective is double objective:
                (trial.Status, trial.Objective) = (SweepTrialStatus.Completed, objective);
                return true;
            case "fail":
                (trial.Status, trial.Error) = (SweepTrialStatus.Failed, entry.Error ?? "");
                return true;
            default:
                return false;
        }
    }
}
