using Microsoft.ML.NTM.Training.Checkpoints;

namespace Microsoft.ML.NTM.Training;

/// <summary>Smaller steps where larger ones no longer help: each validation without improvement halves the learning rate.</summary>
internal sealed class PlateauDecay
{
    /// <summary>After as many halvings it stays as it is.</summary>
    internal const int MostHalvings = 10;

    private long _halvings;

    /// <summary>What the learning rate is multiplied by.</summary>
    internal double Factor => Math.Pow(0.5, _halvings);

    /// <summary>Takes note of a validation.</summary>
    internal void Heed(bool improved)
    {
        if (!improved && _halvings < MostHalvings)
            _halvings++;
    }

    /// <summary>Saves or loads everything that is remembered here.</summary>
    internal void Exchange(CheckpointExchange checkpoint) => checkpoint.Number("plateau.halvings", ref _halvings);
}
