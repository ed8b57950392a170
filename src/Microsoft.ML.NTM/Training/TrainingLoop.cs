using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Training;

/// <summary>
/// The batches from iteration <paramref name="firstIteration"/> on: batch i must be the same whether the stream was begun at 0 or later, as
/// it is when the order of the data follows from the seed and the iteration. A source without a short cut makes and drops the batches
/// before: <c>first => Stream().Skip((int)first)</c>. A batch is used only until the next is asked for, so its arrays may be reused.
/// </summary>
internal delegate IEnumerable<SequenceBatch> BatchSource(long firstIteration);

/// <summary>
/// Trains a network: any engine, any data. Nothing that is not finite ever gets into the parameters. The same engine, batches and settings
/// give the same bits, also when the training was interrupted and resumed from a checkpoint. A steady iteration allocates nothing.
/// </summary>
internal sealed partial class TrainingLoop
{
    private readonly IEngine _engine;
    private readonly ParameterSet _parameters;
    private readonly TrainingSettings _settings;
    private readonly ITrainingObserver _observer;
    private readonly Func<double>? _validationLoss;
    private readonly float[] _gradient;
    private readonly GradientNorm _norm;
    private readonly Optimizer _optimizer;
    private readonly DivergenceGuard _guard;
    private readonly BestWeights _best;
    private readonly PlateauDecay? _plateau;
    private readonly ProgressMeter _meter;
    private readonly List<TrainingProgress> _reports = [];
    private long _iteration;
    private double _learningRate;
    private CancellationToken _stop;
    private volatile bool _isEnding;

    /// <summary>A training that has not begun.</summary>
    /// <param name="engine">Runs the network.</param>
    /// <param name="parameters">Where training starts, and where its result goes.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="validationLoss">The current <paramref name="parameters"/>' loss on data held back, or null for no validation.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">The settings have faults; the message lists them all.</exception>
    internal TrainingLoop(
        IEngine engine, ParameterSet parameters, TrainingSettings settings, ITrainingObserver observer, Func<double>? validationLoss = null,
        TimeProvider? time = null)
    {
        using var invariant = new InvariantText();
        if (settings.Faults() is { Count: > 0 } faults)
            throw new ArgumentException("The training settings are not valid. " + Quoted.Faults(faults), nameof(settings));
        (_engine, _parameters, _settings, _observer, _validationLoss) = (engine, parameters, settings, observer, validationLoss);
        _gradient = new float[parameters.Values.Length];
        _norm = new GradientNorm(_gradient);
        _optimizer = settings.Optimizer.Create(parameters.Layout);
        _guard = new DivergenceGuard(settings.Guard, parameters.Values);
        _best = new BestWeights(settings.Validation, validationLoss is null ? 0 : parameters.Values.Length);
        _plateau = settings.HalvesOnPlateau ? new PlateauDecay() : null;
        _meter = new ProgressMeter(time ?? TimeProvider.System);
    }

    /// <summary>Trains until something in <see cref="TrainingStopReason"/> happens; call once.</summary>
    /// <param name="source">The data, endless.</param>
    /// <param name="stop">Asks for an early end with the best weights so far.</param>
    /// <returns>What happened. The parameters are the best by validation loss, or the last without validation.</returns>
    /// <exception cref="OperationCanceledException">The observer cancelled the training.</exception>
    /// <exception cref="TrainingDivergedException">Loss or gradient stayed infinite or NaN.</exception>
    /// <exception cref="IOException">The first checkpoint could not be written.</exception>
    internal TrainingHistory Run(BatchSource source, CancellationToken stop = default)
    {
        _stop = stop;
        _engine.CheckAlive = CheckStep;
        Resume();
        // A stop may have come while these weights were validated.
        if (_iteration > 0 && _best.LastIteration != _iteration)
            ValidateWhereDue();
        using IEnumerator<SequenceBatch> batches = source(_iteration).GetEnumerator();
        TrainingStopReason? reason;
        while ((reason = ReasonToStop()) is null)
        {
            _observer.CheckAlive();

            // Fetch.
            if (!batches.MoveNext())
            {
                reason = TrainingStopReason.OutOfData;
                break;
            }
            SequenceBatch batch = batches.Current;

            // Forward and backward.
            _engine.Load(_parameters.Values);
            if (LossAndGradient(batch) is not { } loss)
                continue;
            double norm = _norm.Take(_engine);

            // Guard, clip, step.
            _learningRate = _settings.LearningRate * _settings.Schedule.FactorAt(_iteration) * _guard.RateFactor * (_plateau?.Factor ?? 1);
            if (DivergenceGuard.Accepts(loss, norm))
                Step(batch, loss, norm);
            else
                Skip(batch, loss, norm);
            _iteration++;

            // Validate, report, save.
            ValidateWhereDue();
            if (_iteration % _settings.ReportInterval == 0)
                Report();
            if (_settings.Checkpoints is not null && _iteration % _settings.Checkpoints.Interval == 0)
                Save(_settings.Checkpoints);
        }
        return Finish(reason.Value);
    }

    private void Step(SequenceBatch batch, double loss, double norm)
    {
        _guard.Good(_parameters.Values);
        _optimizer.Step(_parameters.Values, _gradient, _settings.Clip.For(norm), (float)_learningRate, _engine);
        _meter.AddStep(batch.Rows, loss, norm);
    }

    // An optimizer that has seen the way to the fault would lead there again, so it starts afresh with the weights.
    private void Skip(SequenceBatch batch, double loss, double norm)
    {
        (string? message, bool rolledBack) = _guard.Fault(loss, norm, _iteration, _parameters.Values);
        if (rolledBack)
            _optimizer.Reset();
        _meter.AddSkipped(batch.Rows);
        if (message is not null)
            _observer.Warn(message);
    }

    private TrainingStopReason? ReasonToStop()
    {
        if (_iteration >= _settings.NumberOfIterations)
            return TrainingStopReason.Completed;
        if (_settings.TargetLoss is double target
            && (_validationLoss is not null ? _best.LastLoss : _reports.Count > 0 ? _reports[^1].Loss : null) <= target)
            return TrainingStopReason.TargetReached;
        if (_best.Exhausted)
            return TrainingStopReason.NoImprovement;
        if (_stop.IsCancellationRequested)
            return TrainingStopReason.StopRequested;
        return _meter.RunTime >= _settings.TimeBudget ? TrainingStopReason.TimeBudget : null;
    }

    // Null where the batch was given up: the parameters are still those of the last whole step.
    private double? LossAndGradient(SequenceBatch batch)
    {
        try
        {
            return _engine.LossAndGradient(batch, _gradient);
        }
        catch (BatchAbandonedException)
        {
            return null;
        }
    }

    // Whether a batch is still wanted: asked between steps, on any of the engine's threads.
    private void CheckStep()
    {
        _observer.CheckAlive();
        if (_stop.IsCancellationRequested || !_isEnding && _meter.RunTime >= _settings.TimeBudget)
            throw new BatchAbandonedException();
    }

    private void ValidateWhereDue()
    {
        if (_validationLoss is not null && _iteration % _settings.Validation.Interval == 0)
            Validate(_validationLoss);
    }

    private void Validate(Func<double> validationLoss)
    {
        _meter.Pause();
        try
        {
            _best.Offer(validationLoss(), _iteration, _parameters.Values);
            _plateau?.Heed(_best.BestIteration == _iteration);
        }
        catch (BatchAbandonedException)
        {
            // The best weights are those of the validations that came to their end.
        }
        _meter.Resume();
    }

    private void Report()
    {
        var progress = new TrainingProgress
        {
            Iteration = _iteration,
            NumberOfIterations = _settings.NumberOfIterations,
            Sequences = _meter.Sequences,
            Loss = _meter.Loss,
            ValidationLoss = _best.LastLoss,
            GradientNorm = _meter.GradientNorm,
            LearningRate = _learningRate,
            SequencesPerSecond = _meter.SequencesPerSecond,
            SkippedSteps = _guard.Skipped,
            Elapsed = _meter.Elapsed,
        };
        _reports.Add(progress);
        _observer.Report(progress);
        _meter.Clear();
    }

    // The checkpoint comes first: a longer run that resumes from it then goes on as if there had been no end here.
    private TrainingHistory Finish(TrainingStopReason reason)
    {
        if (_iteration == 0 && reason == TrainingStopReason.OutOfData)
            throw new InvalidOperationException("There are no sequences to train on.");
        _isEnding = true;
        _guard.RequireGoodStep(_iteration);
        if (_settings.Checkpoints is not null)
            Save(_settings.Checkpoints);
        if (_validationLoss is not null && reason != TrainingStopReason.StopRequested && _best.LastIteration != _iteration)
            Validate(_validationLoss);
        if (_meter.HasSteps)
            Report();
        _best.Restore(_parameters.Values);
        return HistoryOf(reason);
    }

    /// <summary>
    /// After <see cref="Run"/> threw: what happened until then, with the best weights so far in the parameters; null where there were no
    /// steps.
    /// </summary>
    internal TrainingHistory? Salvage()
    {
        if (_iteration == 0 || _iteration == _guard.Skipped)
            return null;
        _best.Restore(_parameters.Values);
        return HistoryOf(TrainingStopReason.Interrupted);
    }

    private TrainingHistory HistoryOf(TrainingStopReason reason) => new()
    {
        Reports = _reports.AsReadOnly(),
        StopReason = reason,
        Iterations = _iteration,
        KeptIteration = _best.Any ? _best.BestIteration : _iteration,
        ValidationLoss = _best.Any ? _best.BestLoss : null,
        SkippedSteps = _guard.Skipped,
        Rollbacks = _guard.Rollbacks,
        Elapsed = _meter.Elapsed,
    };
}
