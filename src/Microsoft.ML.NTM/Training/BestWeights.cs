using Microsoft.ML.NTM.Training.Checkpoints;

namespace Microsoft.ML.NTM.Training;

/// <summary>The weights with the lowest validation loss so far, and whether it is time to stop looking for better ones.</summary>
internal sealed class BestWeights
{
    private readonly ValidationSettings _settings;
    private readonly float[] _weights;
    private double _bestLoss = double.PositiveInfinity;
    private double _lastLoss = double.NaN;
    private long _bestIteration = -1;
    private long _lastIteration = -1;
    private long _withoutImprovement;

    /// <summary>Nothing seen yet of weights of <paramref name="length"/> numbers.</summary>
    internal BestWeights(ValidationSettings settings, int length)
    {
        _settings = settings;
        _weights = new float[length];
    }

    /// <summary>Whether any weights with a finite loss were offered.</summary>
    internal bool Any => _bestIteration >= 0;

    /// <summary>The lowest loss.</summary>
    internal double BestLoss => _bestLoss;

    /// <summary>The lowest loss's iteration.</summary>
    internal long BestIteration => _bestIteration;

    /// <summary>The last loss offered, or null.</summary>
    internal double? LastLoss => _lastIteration < 0 ? null : _lastLoss;

    /// <summary>The last offer's iteration; -1 before the first.</summary>
    internal long LastIteration => _lastIteration;

    /// <summary>Whether the loss has not improved for as long as is allowed.</summary>
    internal bool Exhausted => _withoutImprovement >= _settings.Patience;

    /// <summary>Keeps a copy of <paramref name="weights"/> if their loss is the best yet; NaN never is.</summary>
    internal void Offer(double loss, long iteration, ReadOnlySpan<float> weights)
    {
        _lastLoss = loss;
        _lastIteration = iteration;
        if (!(loss < _bestLoss - _settings.MinImprovement))
        {
            _withoutImprovement++;
            return;
        }
        _withoutImprovement = 0;
        _bestLoss = loss;
        _bestIteration = iteration;
        weights.CopyTo(_weights);
    }

    /// <summary>Puts the best weights into <paramref name="weights"/>, if there are any.</summary>
    internal void Restore(Span<float> weights)
    {
        if (Any)
            _weights.CopyTo(weights);
    }

    /// <summary>Saves or loads everything that is remembered here.</summary>
    internal void Exchange(CheckpointExchange checkpoint)
    {
        checkpoint.Array("best.weights", _weights);
        checkpoint.Number("best.loss", ref _bestLoss);
        checkpoint.Number("best.iteration", ref _bestIteration);
        checkpoint.Number("best.last_loss", ref _lastLoss);
        checkpoint.Number("best.last_iteration", ref _lastIteration);
        checkpoint.Number("best.without_improvement", ref _withoutImprovement);
    }
}
