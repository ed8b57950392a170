using Microsoft.ML.NTM.Interop;
using Microsoft.ML.NTM.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.NTM.Trainers;

/// <summary>
/// Tells ML.NET's log and progress channels, the meter, and the user's own <see cref="IProgress{T}"/>, how training goes. Where there is no
/// progress of the user's, the log gets lines for people at a pace for people; else they would read everything twice.
/// </summary>
internal sealed class TrainingChannels : ITrainingObserver, IDisposable
{
    private static readonly ProgressHeader Header = new(["Loss", "Gradient norm"], ["iterations"]);

    private readonly IHost _host;
    private readonly IChannel _log;
    private readonly IProgressChannel _progress;
    private readonly IProgress<TrainingProgress>? _listener;
    private readonly ReportPace _pace;
    private TrainingProgress? _last;

    public TrainingChannels(IHost host, IProgress<TrainingProgress>? listener, TimeProvider? time = null)
    {
        _pace = new ReportPace(time ?? TimeProvider.System);
        _host = host;
        _listener = listener;
        _log = host.Start("Training");
        _progress = host.StartProgressChannel("Training");
        _progress.SetHeader(Header, Fill);
    }

    /// <inheritdoc/>
    public void CheckAlive() => _host.ThrowIfCancelled();

    /// <inheritdoc/>
    public void Report(TrainingProgress progress)
    {
        _last = progress;
        _progress.Checkpoint(progress.Loss, progress.GradientNorm, progress.Iteration);
        if (_listener is null && _pace.IsDue(progress))
            _log.Info(MessageSensitivity.None, progress.ToString());
        else
            _log.Trace(MessageSensitivity.None, progress.ToString());
        TrainingMeter.Record(progress);
        _listener?.Report(progress);
    }

    /// <inheritdoc/>
    public void Warn(string message) => _log.Warning(MessageSensitivity.None, message);

    /// <inheritdoc/>
    public void Note(string message) => _log.Info(MessageSensitivity.None, message);

    /// <inheritdoc/>
    public void Dispose()
    {
        _progress.Dispose();
        _log.Dispose();
    }

    // Asked by ML.NET whenever somebody wants to know.
    private void Fill(IProgressEntry entry)
    {
        if (_last is not { } progress)
            return;
        entry.SetProgress(0, progress.Iteration, progress.NumberOfIterations);
        entry.SetMetric(0, progress.Loss);
        entry.SetMetric(1, progress.GradientNorm);
    }
}
