using System.Globalization;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>Where a sweep keeps its trials' models and checkpoints, by number, so that whoever takes up a trial finds them.</summary>
internal sealed class SweepFolder
{
    private const string ModelPrefix = "trial-";
    private readonly Action<ITransformer, string> _saveModel;

    /// <summary>The folder at <paramref name="path"/>, made if it is not there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="saveModel">Writes a model to a file.</param>
    public SweepFolder(string path, Action<ITransformer, string> saveModel)
    {
        (Path, _saveModel) = (path, saveModel);
        Directory.CreateDirectory(System.IO.Path.Combine(path, "models"));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Where a trial's model is.</summary>
    public string ModelPathOf(int trial) =>
        System.IO.Path.Combine(Path, "models", FormattableString.Invariant($"{ModelPrefix}{trial:D5}.zip"));

    /// <summary>Where a trial keeps its checkpoints.</summary>
    public string CheckpointsOf(int trial) =>
        System.IO.Path.Combine(Path, "checkpoints", FormattableString.Invariant($"trial-{trial:D5}"));

    /// <summary>Saves a model under another name first, so that a file of its own name is always whole.</summary>
    public void SaveModel(int trial, ITransformer model)
    {
        string path = ModelPathOf(trial), unfinished = path + FormattableString.Invariant($".{Environment.ProcessId}.new");
        _saveModel(model, unfinished);
        using (var file = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite))
            file.Flush(flushToDisk: true);
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>
    /// Removes the models of trials that are over and cannot win any more, those included that a process left when it was ended. One that
    /// cannot be removed stays.
    /// </summary>
    public void RemoveModels(SweepPlan plan, IReadOnlyList<TrialRecord> trials)
    {
        HashSet<int> wanted = Contenders.Of(plan, trials);
        foreach (string path in Directory.GetFiles(System.IO.Path.Combine(Path, "models"), ModelPrefix + "*.zip"))
        {
            string name = System.IO.Path.GetFileNameWithoutExtension(path)[ModelPrefix.Length..];
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int trial) || trial >= trials.Count
                || !trials[trial].IsOver || wanted.Contains(trial))
                continue;
            try
            {
                File.Delete(path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // Somebody is reading it.
            }
        }
    }

    /// <summary>Removes what a trial that is over does not need any more.</summary>
    public void RemoveCheckpoints(int trial)
    {
        if (Directory.Exists(CheckpointsOf(trial)))
            Directory.Delete(CheckpointsOf(trial), recursive: true);
    }
}
