namespace Microsoft.ML.NTM.Tests.Model.Foreign;

/// <summary>Weights under another implementation's names, matrices row by row, and what becomes of them under ours.</summary>
internal sealed class ForeignWeights
{
    private readonly Dictionary<string, (float[] Values, int Columns)> _tensors = [];

    public float[] this[string name] => _tensors[name].Values;

    /// <summary>A random matrix, or a vector of one row.</summary>
    public void Add(string name, int rows, int columns, Random random, double scale = 0.6) =>
        _tensors.Add(name, ([.. Enumerable.Range(0, rows * columns).Select(_ => (float)((random.NextDouble() * 2 - 1) * scale))], columns));

    /// <summary>The rows of a matrix, or of a vector, one number each.</summary>
    public float[][] Rows(string name) =>
        _tensors[name] is var (values, columns) && values.Length > columns ? [.. values.Chunk(columns)] : [.. values.Chunk(1)];

    /// <summary>W x + b in double precision.</summary>
    public double[] Affine(string weight, string bias, IEnumerable<double> input)
    {
        double[] x = [.. input];
        return [.. Rows(weight).Zip(this[bias], (row, b) => row.Zip(x, (w, value) => (double)w * value).Sum() + b)];
    }

    /// <summary>A matrix with so many columns of zeros before each row, and after it.</summary>
    public static float[] Padded(IEnumerable<float[]> rows, int before, int after = 0) =>
        [.. rows.SelectMany(row => Enumerable.Repeat(0f, before).Concat(row).Concat(Enumerable.Repeat(0f, after)))];
}
