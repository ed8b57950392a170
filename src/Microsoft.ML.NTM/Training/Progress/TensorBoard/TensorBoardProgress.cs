using System.Globalization;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM;

/// <summary>
/// A training's progress as a TensorBoard event file: loss, validation loss, learning rate, gradient norm and sequences per second over the
/// iterations. Each report is on disk when it returns; a folder per training lets TensorBoard compare them.
/// </summary>
/// <example>
/// <code>
/// using var board = new TensorBoardProgress("runs/first");
/// ml.Sequence.Trainers.Ntm(new NtmTrainer.Options { Progress = board.And(new ConsoleProgress()) }).Fit(train);
/// // then: tensorboard --logdir runs
/// </code>
/// </example>
public sealed class TensorBoardProgress : IProgress<TrainingProgress>, IDisposable
{
    private readonly string _folder;
    private readonly TimeProvider _time;
    private FileStream? _file;

    /// <param name="folder">Where the event file goes; made with the first report if it is not there.</param>
    /// <param name="time">The clock of the events; null: the system's.</param>
    public TensorBoardProgress(string folder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        (_folder, _time) = (folder, time ?? TimeProvider.System);
    }

    /// <summary>The event file; null before the first report.</summary>
    public string? Path => _file?.Name;

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written, which ends the training.</exception>
    public void Report(TrainingProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _file ??= Open();
        var scalars = new List<(string, double)>(5)
        {
            ("loss/training", value.Loss),
            ("learning rate", value.LearningRate),
            ("gradient norm", value.GradientNorm),
            ("sequences per second", value.SequencesPerSecond),
        };
        if (value.ValidationLoss is { } validation)
            scalars.Add(("loss/validation", validation));
        TensorBoardRecord.Write(_file, new TensorBoardEvent(_time.GetUtcNow()).Scalars(value.Iteration, [.. scalars]).ToArray());
        _file.Flush();
    }

    /// <summary>Closes the file; a later report begins another.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }

    // TensorBoard takes every file with tfevents in its name, in the order of names.
    private FileStream Open()
    {
        Directory.CreateDirectory(_folder);
        long seconds = _time.GetUtcNow().ToUnixTimeSeconds();
        string name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{seconds:D10}.{Environment.ProcessId}");
        for (int attempt = 0; ; attempt++)
        {
            string path = System.IO.Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{name}.{attempt}"));
            if (File.Exists(path))
                continue;
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            TensorBoardRecord.Write(file, new TensorBoardEvent(_time.GetUtcNow()).Version().ToArray());
            return file;
        }
    }
}
