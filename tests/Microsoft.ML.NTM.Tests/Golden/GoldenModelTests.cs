using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Golden;

/// <summary>Model files of every version that was ever written still load and score as they did.</summary>
[TestClass]
public sealed class GoldenModelTests
{
    // Vectors of another width round otherwise.
    private const float Rounding = 1e-6f;

    private static readonly float[][] s_ntmScores =
    [
        [0.47746304f, 0.5052061f, 0.47849485f, 0.5106788f],
        [0.4810049f, 0.50922126f, 0.48196918f, 0.5102938f, 0.4825945f, 0.51173687f],
    ];

    private static readonly float[][] s_lstmScores = [[0.5242383f, 0.4757617f], [0.47169924f, 0.52830076f], [0.48934057f, 0.5106594f]];

    private static readonly float[][] s_dncScores = [[0.52304703f, 0.47695297f], [0.49935523f, 0.5006448f], [0.48976493f, 0.51023513f]];

    [TestMethod]
    public void AnNtmOfNumbersOfVersion1() =>
        Check("v1-ntm.zip", s_ntmScores, new NumberRow { Features = [1, 0, 0, 1] }, new NumberRow { Features = [0.5f, -1, 2, 0, 1, 1] });

    [TestMethod]
    public void APipelineWithWordsOfVersion1()
    {
        IDataView scored = Check("v1-lstm.zip", s_lstmScores,
            new WordRow { Words = ["a", "b"] }, new WordRow { Words = ["c"] }, new WordRow { Words = ["b", "a", "c"] });

        CollectionAssert.AreEqual(new[] { "x", "y", "y" }, scored.GetColumn<string>("Said").ToArray());
    }

    [TestMethod]
    public void ADncWithLearnedWordsOfVersion2()
    {
        IDataView scored = Check("v2-dnc.zip", s_dncScores,
            new WordRow { Words = ["a", "b"] }, new WordRow { Words = ["c", "never met"] }, new WordRow { Words = ["b", "a", "c"] });

        CollectionAssert.AreEqual(new[] { "x", "y", "y" }, scored.GetColumn<string>("Said").ToArray());
    }

    [TestMethod]
    public void APipelineThatPacksOfVersion1()
    {
        float[] expected = [-0.27645564f, -0.09299041f, 0.03023821f, 0.009592496f, -0.18205044f, -0.35107377f, -0.318069f, -0.14433724f];
        ITransformer model = new MLContext().Model.Load(Path.Combine(AppContext.BaseDirectory, "Golden", "v1-pack.zip"), out _);
        float[] scores = [.. model.Transform(new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, 12)
            .Select(i => new PointRow { X = MathF.Sin(i) })))
            .GetColumn<float>("Score")];
        Assert.HasCount(expected.Length, scores, "Files of version 1 leave windows without a label out, as they did.");
        for (int row = 0; row < scores.Length; row++)
            Assert.AreEqual(expected[row], scores[row], Rounding);
    }

    // Numbers and tokens side by side, an indicator per number, features and label scaled, and how it was trained.
    [TestMethod]
    public void AnLstmOfScaledNumbersOfVersion3()
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(Path.Combine(AppContext.BaseDirectory, "Golden", "v3-lstm.zip"), out _);

        float[] scores = [.. model.Transform(ml.Data.LoadFromEnumerable(
        [
            new ReadingRow { Readings = [1_010, 0.5f, 980, -1], Words = ["a", "b"] },
            new ReadingRow { Readings = [float.NaN, 0.5f], Words = ["c"] },
            new ReadingRow { Readings = [5_000, 0.1f], Words = ["never met"] },
        ])).GetColumn<float>("Score")];
        float[] expected = [234753.61f, 207579.7f, 221391.45f];
        for (int row = 0; row < expected.Length; row++)
            Assert.AreEqual(expected[row], scores[row], Rounding * 50_000);

        TrainingHistory history = ((IEnumerable<ITransformer>)model).OfType<SequenceTransformer>().Single().Model.History!;
        Assert.AreEqual(0.32497786263676204, history.Reports[2].Loss);
        Assert.AreEqual((60L, 60L, TrainingStopReason.Completed), (history.Iterations, history.KeptIteration, history.StopReason));
    }

    [TestMethod]
    public void AnLstmThatReadsBothWaysOfVersion4()
    {
        float[][] expected = [[0.4923165f, 0.50768346f], [0.4791719f, 0.5208281f], [0.46207833f, 0.53792167f]];
        IDataView scored = Check("v4-bidirectional.zip", expected,
            new WordRow { Words = ["a", "b"] }, new WordRow { Words = ["c", "never met"] }, new WordRow { Words = ["b", "a", "c"] });

        CollectionAssert.AreEqual(new[] { "y", "y", "y" }, scored.GetColumn<string>("Said").ToArray());
    }

    private static IDataView Check<T>(string file, float[][] expected, params T[] rows)
        where T : class
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(Path.Combine(AppContext.BaseDirectory, "Golden", file), out _);
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(rows));
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        Assert.HasCount(expected.Length, scores);
        for (int row = 0; row < scores.Length; row++)
        {
            Assert.HasCount(expected[row].Length, scores[row]);
            for (int i = 0; i < scores[row].Length; i++)
                Assert.AreEqual(expected[row][i], scores[row][i], Rounding);
        }
        return scored;
    }

    private sealed class NumberRow
    {
        [VectorType(0, 2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class PointRow
    {
        public float X { get; set; }
    }

    private sealed class ReadingRow
    {
        [VectorType(0, 2)]
        public float[] Readings { get; set; } = [];
        public string[] Words { get; set; } = [];
        public float Label { get; set; }
    }

    private sealed class WordRow
    {
        public string[] Words { get; set; } = [];
        public string Answer { get; set; } = "";
    }
}
