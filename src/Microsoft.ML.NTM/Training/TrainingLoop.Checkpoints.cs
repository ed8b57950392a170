using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Training.Checkpoints;

namespace Microsoft.ML.NTM.Training;

// What a training leaves on the disk, and how it finds its way back from there.
internal sealed partial class TrainingLoop
{
    private const string CheckpointVersion = "2";

    private long _savedIteration = -1;

    // A place that cannot be written ends the training here, before there is anything to lose.
    private void Resume()
    {
        if (_settings.Checkpoints is CheckpointSettings checkpoints)
        {
            if (checkpoints.Store.Note is string note)
                _observer.Note(note);
            if (checkpoints.Store.Load(_settings.NumberOfIterations, _observer.Warn) is { } loader)
            {
                Exchange(loader);
                _savedIteration = _iteration;
                _observer.Note($"The training goes on at iteration {_iteration}, from '{loader.Path}'.");
            }
            else
                Write(checkpoints.Store);
        }
        _meter.Resume();
    }

    private void Save(CheckpointSettings checkpoints)
    {
        if (_savedIteration == _iteration)
            return;
        _meter.Pause();
        try
        {
            Write(checkpoints.Store);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _observer.Warn($"At iteration {_iteration} the checkpoint could not be written, so the one before stays: {e.Message}");
        }
        _meter.Resume();
    }

    private void Write(CheckpointStore store)
    {
        var checkpoint = new CheckpointSaver();
        Exchange(checkpoint);
        store.Save(checkpoint, _iteration);
        _savedIteration = _iteration;
    }

    // Whatever can be refused comes first, so that a checkpoint is taken whole or not at all.
    private void Exchange(CheckpointExchange checkpoint)
    {
        RequireSame(checkpoint, "version", CheckpointVersion);
        RequireSame(checkpoint, "optimizer", _settings.Optimizer.Kind.ToString());
        RequireSame(checkpoint, "validation", (_validationLoss is not null).ToString());
        checkpoint.Parameters(_parameters);
        checkpoint.Number("iteration", ref _iteration);
        checkpoint.Number("learning_rate", ref _learningRate);
        long steps = _optimizer.Steps;
        checkpoint.Number("optimizer.steps", ref steps);
        _optimizer.Steps = steps;
        for (int i = 0; i < _optimizer.State.Count; i++)
            checkpoint.Array("optimizer." + _optimizer.StateNames[i], _optimizer.State[i]);
        _guard.Exchange(checkpoint);
        _best.Exchange(checkpoint);
        _plateau?.Exchange(checkpoint);
        _meter.Exchange(checkpoint);
        ReportsJson.Exchange(checkpoint, _reports);
    }

    private static void RequireSame(CheckpointExchange checkpoint, string name, string expected)
    {
        string found = expected;
        checkpoint.Text(name, ref found);
        if (found != expected)
            throw new InvalidDataException($"The checkpoint is another training's: its {name} is '{Quoted.Text(found, 300)}', not "
                + $"'{Quoted.Text(expected, 300)}'.");
    }
}
