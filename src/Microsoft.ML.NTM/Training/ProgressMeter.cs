using Microsoft.ML.NTM.Training.Checkpoints;

namespace Microsoft.ML.NTM.Training;

/// <summary>Sums up steps from report to report, and measures the time they take.</summary>
internal sealed class ProgressMeter(TimeProvider time)
{
    private readonly long _runStart = time.GetTimestamp();
    private long _resumed = time.GetTimestamp();
    private double _earlierSeconds;
    private double _windowSeconds;
    private double _lossSum;
    private double _normSum;
    private long _goodSequences;
    private long _goodSteps;
    private long _windowSequences;
    private long _sequences;

    /// <summary>Time since this run began.</summary>
    internal TimeSpan RunTime => time.GetElapsedTime(_runStart);

    /// <summary>Time since the training began, earlier runs included.</summary>
    internal TimeSpan Elapsed => TimeSpan.FromSeconds(_earlierSeconds) + RunTime;

    /// <summary>Sequences seen since the training began.</summary>
    internal long Sequences => _sequences;

    /// <summary>Mean loss per sequence since the last <see cref="Clear"/>.</summary>
    internal double Loss => _lossSum / _goodSequences;

    /// <summary>Mean gradient norm per step since the last <see cref="Clear"/>.</summary>
    internal double GradientNorm => _normSum / _goodSteps;

    /// <summary>Sequences per second since the last <see cref="Clear"/>, without the time spent paused.</summary>
    internal double SequencesPerSecond => _windowSequences / (_windowSeconds + time.GetElapsedTime(_resumed).TotalSeconds);

    /// <summary>Whether a batch was seen since the last <see cref="Clear"/>.</summary>
    internal bool HasSteps => _windowSequences > 0;

    /// <summary>Counts a step that was made.</summary>
    internal void AddStep(int sequences, double loss, double gradientNorm)
    {
        _lossSum += loss * sequences;
        _normSum += gradientNorm;
        _goodSequences += sequences;
        _goodSteps++;
        AddSkipped(sequences);
    }

    /// <summary>Counts a batch whose step was skipped.</summary>
    internal void AddSkipped(int sequences)
    {
        _windowSequences += sequences;
        _sequences += sequences;
    }

    /// <summary>Leaves the time until <see cref="Resume"/> out of the speed.</summary>
    internal void Pause() => _windowSeconds += time.GetElapsedTime(_resumed).TotalSeconds;

    /// <summary>Ends a <see cref="Pause"/>.</summary>
    internal void Resume() => _resumed = time.GetTimestamp();

    /// <summary>Starts a new report's sums.</summary>
    internal void Clear()
    {
        _lossSum = _normSum = _windowSeconds = 0;
        _goodSequences = _goodSteps = _windowSequences = 0;
        Resume();
    }

    /// <summary>Saves or loads the sums, and the time that the training has taken.</summary>
    internal void Exchange(CheckpointExchange checkpoint)
    {
        double run = RunTime.TotalSeconds;
        double elapsed = _earlierSeconds + run;
        checkpoint.Number("meter.elapsed_seconds", ref elapsed);
        checkpoint.Number("meter.window_seconds", ref _windowSeconds);
        checkpoint.Number("meter.loss_sum", ref _lossSum);
        checkpoint.Number("meter.norm_sum", ref _normSum);
        checkpoint.Number("meter.good_sequences", ref _goodSequences);
        checkpoint.Number("meter.good_steps", ref _goodSteps);
        checkpoint.Number("meter.window_sequences", ref _windowSequences);
        checkpoint.Number("meter.sequences", ref _sequences);
        _earlierSeconds = elapsed - run;
    }
}
