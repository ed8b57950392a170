using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.NTM.Tests.Onnx;

[TestClass]
public sealed class RandomNetworksTests
{
    private const double Tolerance = 1e-5, Roundings = 16;

    private static readonly int[] s_lengths = [0, 1, 2, 3, 5, 9, 17, 40, 200];

    [TestMethod]
    [DataRow(NetworkKind.Lstm, 0, 70, false)]
    [DataRow(NetworkKind.Lstm, 0, 40, true)]
    [DataRow(NetworkKind.Ntm, 0, 70, false)]
    [DataRow(NetworkKind.Dnc, 0, 70, false)]
    public void OnnxRuntimeAnswersAsTheModelDoes(NetworkKind kind, int from, int count, bool bothWays)
    {
        var ml = new MLContext(seed: 1);
        int amplifying = 0;
        string[] faults = [.. Enumerable.Range(from, count).Select(seed =>
            Check(ml, kind, seed, bothWays, ref amplifying)).OfType<string>()];

        Assert.IsEmpty(faults, string.Join('\n', faults));
        Assert.IsLessThanOrEqualTo(count / 10, amplifying, "networks that amplify rounding");
    }

    private static string? Check(MLContext ml, NetworkKind kind, int seed, bool bothWays, ref int amplifying)
    {
        var random = new Random(seed);
        OnnxCase given = OnnxCase.Random(kind, seed, [.. Enumerable.Range(0, 4).Select(_ => s_lengths[random.Next(s_lengths.Length)])],
            bothWays: bothWays);
        IDataView data = given.View(ml);
        string what = $"{kind} {seed}: {given.Model.Network}, {given.Model.Sequence}";
        using var model = new SequenceTransformer(CatalogUtils.GetEnvironment(ml.Sequence), given.Model, SequenceBackend.Managed);
        using OnnxSession session = OnnxSession.Of(ml, model, data);
        float[][] expected = Scores(model, data);
        float[][] alone = [.. given.Rows.Select(row => Score(session, given, [row]))];
        float[] together = Score(session, given, given.Rows);
        double? movement = null;
        for (int row = 0; row < expected.Length; row++)
        {
            if (expected[row].Length != alone[row].Length)
                return $"{alone[row].Length} scores instead of {expected[row].Length}, {what}";
            int width = together.Length / given.Rows.Length;
            for (int i = 0; i < width; i++)
            {
                float got = together[row * width + i];
                if (i >= expected[row].Length)
                {
                    if (!float.IsNaN(got))
                        return $"padding is {got}, {what}";
                    continue;
                }
                double difference = Math.Max(Math.Abs(expected[row][i] - got), Math.Abs(expected[row][i] - alone[row][i]))
                    / Math.Max(1, Math.Abs(expected[row][i]));
                if (!(difference <= Tolerance) && !(difference <= Roundings * (movement ??= Movement(ml, given, data, expected))))
                    return $"row {row}, score {i}: {expected[row][i]}, alone {alone[row][i]}, batched {got}, rounding {movement}; {what}";
            }
        }
        amplifying += movement is null ? 0 : 1;
        return null;
    }

    // How far scores move when every parameter moves by a rounding to single precision.
    private static double Movement(MLContext ml, OnnxCase given, IDataView data, float[][] expected)
    {
        double most = 0;
        for (int draw = 0; draw < 4; draw++)
        {
            using var moved = new SequenceTransformer(CatalogUtils.GetEnvironment(ml.Sequence), given.Rounded(draw),
                SequenceBackend.Managed);
            most = Math.Max(most,
                Scores(moved, data).Zip(expected).Max(rows =>
                    rows.First.Zip(rows.Second).Max(pair => Math.Abs((double)pair.First - pair.Second))));
        }
        return most;
    }

    internal static float[][] Scores(SequenceTransformer model, IDataView data)
    {
        IDataView scored = model.Transform(data);
        return scored.Schema["Score"].Type is VectorDataViewType
            ? [.. scored.GetColumn<float[]>("Score")]
            : [.. scored.GetColumn<float>("Score").Select(score => new[] { score })];
    }

    private static float[] Score(OnnxSession session, OnnxCase given, OnnxRow[] rows)
    {
        var inputs = new List<NamedOnnxValue> { OnnxSession.Input("Wanted", [.. rows.Select(row => row.Wanted)], rows.Length, 1) };
        long[] steps = [];
        foreach (FeatureFormat feature in given.Model.Format.Features)
        {
            if (feature.ColumnName == OnnxCase.Numbers)
                steps = Add(inputs, feature, [.. rows.Select(row => row.Features)]);
            else
                steps = Add(inputs, feature, [.. rows.Select(row => feature.ColumnName == OnnxCase.Keys ? row.Keys : row.Words)]);
        }
        if (given.Model.Format.Features.All(feature => feature.ColumnName != OnnxCase.Numbers))
            inputs.Add(OnnxSession.Input("Features", new float[rows.Length], rows.Length, 1));
        if (rows.Length > 1)
            inputs.Add(OnnxSession.Input("SequenceLength", steps, rows.Length, 1));
        return (float[])session.Run(inputs)["Score.output"];
    }

    // Rows padded to the longest; numbers with what would spoil every answer that it reached.
    private static long[] Add<T>(List<NamedOnnxValue> inputs, FeatureFormat feature, T[][] rows)
    {
        int longest = rows.Max(row => row.Length);
        T padding = typeof(T) == typeof(float) ? (T)(object)float.NaN : default!;
        inputs.Add(OnnxSession.Input(feature.ColumnName,
            [.. rows.SelectMany(row => row.Concat(Enumerable.Repeat(padding, longest - row.Length)))], rows.Length, longest));
        return [.. rows.Select(row => (long)row.Length / feature.ValuesPerStep)];
    }
}
