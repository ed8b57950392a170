using System.Text.Json.Serialization;

namespace Microsoft.ML.NTM.Data;

/// <summary>One feature column of a fitted model: numbers, or keys that the network sees one-hot or through a learned embedding.</summary>
/// <param name="ColumnName">The column.</param>
/// <param name="ValuesPerStep">Numbers or keys per step.</param>
/// <param name="KeyCount">How many keys there are; 0 for numbers.</param>
/// <param name="EmbeddingSize">Numbers that a key becomes (E); 0: one per key, one-hot.</param>
internal sealed record FeatureFormat(string ColumnName, int ValuesPerStep, int KeyCount = 0, int EmbeddingSize = 0)
{
    // IsKey and Width stand in model files since version 1, for readers of the file; the other two do not.

    /// <summary>Whether the values are keys.</summary>
    public bool IsKey => KeyCount > 0;

    /// <summary>Whether the values are keys that are looked up in a table.</summary>
    [JsonIgnore]
    public bool IsEmbedded => IsKey && EmbeddingSize > 0;

    /// <summary>Inputs that the column gives the network per step.</summary>
    public int Width => ValuesPerStep * InputsPerValue;

    /// <summary>Inputs that one value becomes.</summary>
    [JsonIgnore]
    public int InputsPerValue => IsEmbedded ? EmbeddingSize : Math.Max(KeyCount, 1);
}
