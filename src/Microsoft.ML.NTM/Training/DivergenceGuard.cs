using Microsoft.ML.NTM.Training.Checkpoints;

namespace Microsoft.ML.NTM.Training;

/// <summary>
/// Keeps training away from infinity and NaN. A step whose loss or gradient is not finite is skipped. A single fault may be the batch's
/// doing; faults in a row, or in more than one of ten steps, are the weights': training then goes back to weights that were good for at
/// least <see cref="GuardSettings.SnapshotInterval"/> steps, with a lower learning rate, and after too many returns it gives up.
/// </summary>
internal sealed class DivergenceGuard
{
    // A fault weighs as much as this many good steps.
    private const int FaultWeight = 10;

    private readonly GuardSettings _settings;
    private readonly float[] _recent;
    private readonly float[] _older;
    private long _strain;
    private long _goodSteps;
    private long _rollbacksInARow;
    private long _skipped;
    private long _rollbacks;
    private double _rateFactor = 1;

    /// <summary>A guard that knows <paramref name="weights"/> as good until it has seen better.</summary>
    internal DivergenceGuard(GuardSettings settings, ReadOnlySpan<float> weights)
    {
        _settings = settings;
        _recent = weights.ToArray();
        _older = weights.ToArray();
    }

    /// <summary>What the learning rate is multiplied by because of past faults.</summary>
    internal double RateFactor => _rateFactor;

    /// <summary>Steps skipped.</summary>
    internal long Skipped => _skipped;

    /// <summary>Returns to earlier weights.</summary>
    internal long Rollbacks => _rollbacks;

    /// <summary>Whether a step may be made.</summary>
    internal static bool Accepts(double loss, double gradientNorm) => double.IsFinite(loss) && gradientNorm <= GradientClip.LargestNorm;

    /// <summary>Takes note of a good step's <paramref name="weights"/>, those that loss and gradient were computed at.</summary>
    internal void Good(ReadOnlySpan<float> weights)
    {
        _strain = Math.Max(0, _strain - 1);
        _goodSteps++;
        if (_goodSteps % _settings.SnapshotInterval != 0)
            return;
        _rollbacksInARow = 0;
        _recent.AsSpan().CopyTo(_older);
        weights.CopyTo(_recent);
    }

    /// <summary>Takes note of a fault, and puts good weights into <paramref name="weights"/> where it was one too many.</summary>
    /// <returns>What to tell the observer, or null; and whether the weights were replaced.</returns>
    /// <exception cref="TrainingDivergedException">Going back has not helped.</exception>
    internal (string? Message, bool RolledBack) Fault(double loss, double gradientNorm, long iteration, Span<float> weights)
    {
        _skipped++;
        bool first = _strain == 0;
        _strain += FaultWeight;
        string what = FormattableString.Invariant($"At iteration {iteration} the loss was {loss} and the gradient's norm {gradientNorm}");
        if (_strain <= FaultWeight * (_settings.Tolerance - 1))
            return (first ? $"{what}; the step was skipped." : null, false);

        _older.AsSpan().CopyTo(weights);
        if (_rollbacksInARow >= _settings.MaxRollbacks)
        {
            throw new TrainingDivergedException(FormattableString.Invariant(
                $"Training diverged. {what}, after {_skipped} skipped steps and {_rollbacks} returns to earlier weights ")
                + FormattableString.Invariant($"with the learning rate lowered to {_rateFactor} of what was asked for. ")
                + "A lower learning rate, tighter gradient clipping or features of a smaller scale may help.");
        }
        _older.AsSpan().CopyTo(_recent);
        _strain = 0;
        _goodSteps = 0;
        _rollbacksInARow++;
        _rollbacks++;
        _rateFactor *= _settings.RateFactor;
        string message = FormattableString.Invariant(
            $"{what}; this was not the first time, so training went back to the last good weights and on with {_rateFactor} ")
            + "of the learning rate.";
        return (message, true);
    }

    /// <summary>
    /// Does nothing unless every one of <paramref name="iterations"/> steps was skipped: then nothing was learned, however few they were.
    /// </summary>
    /// <exception cref="TrainingDivergedException">Nothing was learned.</exception>
    internal void RequireGoodStep(long iterations)
    {
        if (_skipped > 0 && _skipped >= iterations)
        {
            throw new TrainingDivergedException(
                $"Training learned nothing: the loss or its gradient was not finite in any of the {_skipped} iterations. Features or "
                + "labels of a smaller scale, or a model to go on from with smaller weights, may help.");
        }
    }

    /// <summary>Saves or loads everything that the guard remembers.</summary>
    internal void Exchange(CheckpointExchange checkpoint)
    {
        checkpoint.Array("guard.recent", _recent);
        checkpoint.Array("guard.older", _older);
        checkpoint.Number("guard.strain", ref _strain);
        checkpoint.Number("guard.good_steps", ref _goodSteps);
        checkpoint.Number("guard.rollbacks_in_a_row", ref _rollbacksInARow);
        checkpoint.Number("guard.skipped", ref _skipped);
        checkpoint.Number("guard.rollbacks", ref _rollbacks);
        checkpoint.Number("guard.rate_factor", ref _rateFactor);
    }
}
