using System.Text.Json.Serialization;

namespace Microsoft.ML.NTM.Data;

/// <summary>One feature column of a fitted model: numbers, or keys that the network sees one-hot or through a learned embedding.</summary>
/// <param name="ColumnName">The column.</param>
/// <param name="ValuesPerStep">Numbers or keys per step.</param>
/// <param name="KeyCount">How many keys there are; 0 for numbers.</param>
/// <param name="EmbeddingSize">Numbers that a key becomes (E); 0: one per key, one-hot.</param>
/// <param name="Missing">What is done about NaN among numbers.</param>
/// <param name="Scaling">What the numbers are scaled by; null: they stay as they are.</param>
internal sealed record FeatureFormat(
    string ColumnName,
    int ValuesPerStep,
    int KeyCount = 0,
    int EmbeddingSize = 0,
    MissingFeatures Missing = MissingFeatures.Error,
    ChannelScaling? Scaling = null)
{
    // IsKey and Width stand in model files since version 1, for readers of the file; the others do not.

    /// <summary>Whether the values are keys.</summary>
    public bool IsKey => KeyCount > 0;

    /// <summary>Whether the values are keys that are looked up in a table.</summary>
    [JsonIgnore]
    public bool IsEmbedded => IsKey && EmbeddingSize > 0;

    /// <summary>Whether each number has a second input that says whether it is missing.</summary>
    [JsonIgnore]
    public bool HasIndicators => !IsKey && Missing == MissingFeatures.ZeroWithIndicator;

    /// <summary>Inputs that the column gives the network per step.</summary>
    public int Width => ValuesPerStep * InputsPerValue;

    /// <summary>Inputs that one value becomes.</summary>
    [JsonIgnore]
    public int InputsPerValue => IsEmbedded ? EmbeddingSize : HasIndicators ? 2 : Math.Max(KeyCount, 1);
}
