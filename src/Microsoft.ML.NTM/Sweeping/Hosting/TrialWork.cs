namespace Microsoft.ML.NTM.Sweeping;

/// <summary>One attempt at a trial, as the one who trains it sees it.</summary>
internal sealed class TrialWork
{
    /// <summary>The trial.</summary>
    public required int Number { get; init; }

    /// <summary>Its settings.</summary>
    public required IReadOnlyDictionary<string, object> Values { get; init; }

    /// <summary>Its seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Parts of the whole training.</summary>
    public required int WholeTraining { get; init; }

    /// <summary>Threads of the training; null: as its options say.</summary>
    public int? Threads { get; init; }

    /// <summary>Where it may keep checkpoints, or null.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>Asks it to end with what it has.</summary>
    public required CancellationToken Stop { get; init; }

    /// <summary>
    /// To be told how far it is: parts made, and the validation loss. May throw <see cref="OperationCanceledException"/>.
    /// </summary>
    public required Action<int, double> Report { get; init; }
}

/// <summary>What a trial gave.</summary>
/// <param name="Model">The trained model.</param>
/// <param name="Objective">Measures the model, the lower the better; asked only if the trial was not pruned.</param>
internal sealed record TrialResult(ITransformer Model, Func<double> Objective);
