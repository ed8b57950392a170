namespace Microsoft.ML.NTM;

/// <summary>A graph and a question about it as one sequence: a row of <see cref="GraphCode.ToDataView"/>.</summary>
public sealed class GraphSequence
{
    /// <summary>What the network reads: T x 92, row-major; see <see cref="GraphCode"/>.</summary>
    public float[] Features { get; set; } = [];

    /// <summary>The answer's digits as keys, 1 for digit 0 to 10 for digit 9, and 0 where nothing is scored: T x 9.</summary>
    public uint[] Label { get; set; } = [];

    /// <summary>The lesson it belongs to, from 1; 0 for a question made by hand.</summary>
    public int Lesson { get; set; }
}
