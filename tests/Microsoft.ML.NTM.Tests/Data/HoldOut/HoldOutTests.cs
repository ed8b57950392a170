using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

[TestClass]
public sealed class HoldOutTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(0.1, 200)]
    [DataRow(0.25, 999)]
    [DataRow(0.07, 1_000)]
    public void ScatteredRowsAreTheShareAskedForAndEveryRowIsOnOneSide(double fraction, int rows)
    {
        HoldOut split = Split(Table(rows), fraction);

        float[] training = Numbers(split.Training), validation = Numbers(split.Validation!);
        Assert.HasCount((int)(rows * fraction), validation);
        CollectionAssert.AreEqual(Enumerable.Range(0, rows).Select(i => (float)i).ToArray(), training.Concat(validation).Order().ToArray());
    }

    [TestMethod]
    public void DataWithAPeriodIsNotCutByIt()
    {
        // Ten classes in turn: every class must be held back somewhere.
        float[] held = Numbers(Split(Table(2_000), 0.1).Validation!);
        Assert.HasCount(10, held.Select(value => value % 10).Distinct());
    }

    [TestMethod]
    public void ShuffledEpochsHoldBackTheSameRows()
    {
        HoldOut split = Split(Table(500), 0.1);
        DataViewSchema.Column column = split.Training.Schema["Number"];
        foreach (int seed in new[] { 1, 2 })
        {
            using DataViewRowCursor cursor = split.Training.GetRowCursor([column], new Random(seed));
            CollectionAssert.AreEquivalent(Numbers(split.Training), Read(cursor, column));
        }
    }

    [TestMethod]
    public void OfWindowsTheEndIsHeldBackAndNoneOfItsRowsAreTrainedOn()
    {
        IDataView windows = _ml.Sequence.Transforms.Pack(["Number"], "Number", labelPlacement: LabelPlacement.Last, window: 8, horizon: 2)
            .Fit(Table(400)).Transform(Table(400));
        HoldOut split = HoldOut.Split(windows, 0.2, 1_000, ["Features"]);

        float newestTrained = split.Training.GetColumn<float>("Label").Max();
        float oldestHeldBack = split.Validation!.GetColumn<float[]>("Features").Min(window => window[0]);
        Assert.AreEqual(oldestHeldBack - 1, newestTrained, "the gap is as large as it must be, and no larger");
        Assert.AreEqual((int)(0.2 * (400 - 9)), split.Validation!.GetColumn<float>("Label").Count());
    }

    [TestMethod]
    public void TooFewRowsAreNotHeldBackAtAll()
    {
        Assert.IsNull(Split(Table(199), 0.1).Validation);
        Assert.IsNotNull(Split(Table(200), 0.1).Validation);
        Assert.IsNull(Split(Table(1_000), 0).Validation);
    }

    [TestMethod]
    public void NeverMoreRowsThanAreWorthTheirTimeEvenOfEndlessData()
    {
        IDataView endless = _ml.Data.LoadFromEnumerable(Endless());
        HoldOut split = HoldOut.Split(endless, 0.1, 50, ["Number"]);
        Assert.HasCount(50, Numbers(split.Validation!));

        IEnumerable<Row> Endless()
        {
            for (int i = 0; ; i++)
                yield return new Row { Number = i };
        }
    }

    private static HoldOut Split(IDataView data, double fraction) => HoldOut.Split(data, fraction, 100_000, ["Number"]);

    private IDataView Table(int rows) =>
        _ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => new Row { Number = i }).ToList());

    private static float[] Numbers(IDataView data)
    {
        DataViewSchema.Column column = data.Schema["Number"];
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        return Read(cursor, column);
    }

    private static float[] Read(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        ValueGetter<float> getter = cursor.GetGetter<float>(column);
        var values = new List<float>();
        float value = 0;
        while (cursor.MoveNext())
        {
            getter(ref value);
            values.Add(value);
        }
        return [.. values];
    }

    private sealed class Row
    {
        public float Number { get; set; }
    }
}
