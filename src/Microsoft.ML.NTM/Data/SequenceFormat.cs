using System.Text.Json.Serialization;

namespace Microsoft.ML.NTM.Data;

/// <summary>
/// How a data view's rows become a fitted model's sequences: everything that readers and batches need to know, and what a model file must
/// keep beside the network (it survives System.Text.Json).
/// </summary>
internal sealed record SequenceFormat
{
    /// <summary>Steps, alignment and loss.</summary>
    public required SequenceSpec Spec { get; init; }

    /// <summary>The feature columns, side by side in each step.</summary>
    public required IReadOnlyList<FeatureFormat> Features { get; init; }

    /// <summary>The label.</summary>
    public required LabelFormat Label { get; init; }

    /// <summary>Outputs per step (O).</summary>
    public required int OutputSize { get; init; }

    /// <summary>What a row counts in the loss, or null.</summary>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>What training does about rows without steps; of no concern to a fitted model.</summary>
    [JsonIgnore]
    public EmptySequences EmptySequences { get; init; } = EmptySequences.Error;

    /// <summary>The network's inputs per step (D): embedded keys, the other features in their order, the delimiter channel.</summary>
    [JsonIgnore]
    public int InputSize => Spec.FeatureSize + Spec.MarkerSize;

    /// <summary>Targets per output step (K).</summary>
    [JsonIgnore]
    public int TargetSize => Spec.TargetSize(OutputSize);

    /// <summary>Keys per step that are looked up (K), of all columns.</summary>
    [JsonIgnore]
    public int KeysPerStep
    {
        get
        {
            int keys = 0;
            foreach (FeatureFormat feature in Features)
                keys = checked(keys + (feature.IsEmbedded ? feature.ValuesPerStep : 0));
            return keys;
        }
    }

    /// <summary>An empty batch for such sequences.</summary>
    public SequenceBatch CreateBatch() => new(InputSize, TargetSize, KeysPerStep);

    /// <summary>
    /// The same network with the embedding that the feature columns ask for: they share one table, each with rows of its own.
    /// </summary>
    public NetworkSpec Embed(NetworkSpec network) => KeysPerStep == 0 ? network : network with
    {
        EmbeddingSize = Features.Max(feature => feature.EmbeddingSize),
        VocabularySize = (int)Math.Min(int.MaxValue, Features.Where(feature => feature.IsEmbedded).Sum(feature => (long)feature.KeyCount)),
        KeysPerStep = KeysPerStep,
    };

    /// <summary>The same with the scaling of another format of the same columns.</summary>
    public SequenceFormat WithScalingOf(SequenceFormat other) => this with
    {
        Features = [.. Features.Zip(other.Features, (feature, scaled) => feature with { Scaling = scaled.Scaling }),
            .. Features.Skip(other.Features.Count)],
        Label = Label with { Scaling = other.Label.Scaling },
    };

    /// <summary>Where a row's answers begin, by its input steps (T).</summary>
    public int OutputStart(int inputSteps)
    {
        if (Spec.Alignment == SequenceAlignment.AfterInput)
            return inputSteps + 1;
        return Spec.OneLabelPerSequence ? inputSteps - 1 : 0;
    }
}
