using Microsoft.ML.Data;
using Microsoft.ML.NTM.Evaluation.Folds;
using Microsoft.ML.NTM.Tests.Data;

namespace Microsoft.ML.NTM.Tests.Evaluation.Folds;

[TestClass]
public sealed class SequenceFoldsTests
{
    private static readonly PackOptions s_windows = new()
    {
        Features = [new("Features", ["Value"])],
        Label = new("Label", ["Value"]),
        LabelPlacement = LabelPlacement.Last,
        Window = 3,
        Horizon = 1,
    };

    [TestMethod]
    public void SequencesAreWholeInOneFoldEach()
    {
        IDataView table = Table(Enumerable.Range(0, 50).Select(i => ($"s{i % 7}", i)));
        var folds = SequenceFolds.BySequence(table, "Id", 3, seed: 4).ToArray();
        Assert.HasCount(3, folds);
        foreach ((IDataView training, IDataView test) in folds)
        {
            int[] all = [.. training.GetColumn<float>("Value").Concat(test.GetColumn<float>("Value")).Select(value => (int)value).Order()];
            CollectionAssert.AreEqual(Enumerable.Range(0, 50).ToArray(), all);
            Assert.IsEmpty(training.GetColumn<string>("Id").Intersect(test.GetColumn<string>("Id")));
        }
        Assert.AreEqual(50, folds.Sum(fold => fold.Test.GetColumn<float>("Value").Count()));
        Row.Fails<ArgumentOutOfRangeException>(() => SequenceFolds.BySequence(table, "Id", 8, seed: 4).ToArray(), "8 folds",
            "7 sequences of column 'Id'");
    }

    [TestMethod]
    [DataRow(LabelPlacement.Last)]
    [DataRow(LabelPlacement.Following)]
    [DataRow(LabelPlacement.EveryStep)]
    public void BlocksOfTimeAnswerEachOfTheirRowsAndNoOther(LabelPlacement placement)
    {
        PackOptions options = s_windows with { LabelPlacement = placement, SequenceColumnName = "Id" };
        IDataView table = Table(Enumerable.Range(0, 60).Select(i => (i % 3 == 0 ? "b" : "a", i)));
        var ml = new MLContext(1);
        int fold = 0;
        foreach ((IDataView training, IDataView test) in SequenceFolds.ByTime(table, options, 3))
        {
            fold++;
            foreach (IGrouping<string, int> group in Enumerable.Range(0, 60).GroupBy(i => i % 3 == 0 ? "b" : "a"))
            {
                (string id, int[] rows) = (group.Key, [.. group]);
                int start = rows.Length * fold / 4, end = rows.Length * (fold + 1) / 4;
                float[] trained = [.. training.GetColumn<string>("Id").Zip(training.GetColumn<float>("Value"))
                    .Where(row => row.First == id).Select(row => row.Second)];
                CollectionAssert.AreEqual(rows[..start].Select(row => (float)row).ToArray(), trained);
                IDataView packed = ml.Sequence.Transforms.Pack(options).Fit(test).Transform(test);
                float[] labels = [.. packed.GetColumn<string>("Id").Zip(Labels(packed)).Where(row => row.First == id)
                    .SelectMany(row => row.Second).Where(value => !float.IsNaN(value)).Distinct().Order()];
                CollectionAssert.AreEqual(rows[start..end].Select(row => (float)row).ToArray(), labels);
            }
        }
    }

    [TestMethod]
    public void BlocksOfWindowsShareNoRowWithTheTraining()
    {
        var ml = new MLContext(1);
        IDataView table = Table(Enumerable.Range(0, 60).Select(i => ("", i)));
        IDataView packed = ml.Sequence.Transforms.Pack(s_windows).Fit(table).Transform(table);
        float[] Rows(IDataView windows) => [.. windows.GetColumn<float[]>("Features").SelectMany(values => values)
            .Concat(windows.GetColumn<float>("Label").Where(value => !float.IsNaN(value))).Distinct()];
        var folds = SequenceFolds.ByBlock(packed, 3, 4).ToArray();
        foreach ((IDataView training, IDataView test) in folds)
            Assert.IsEmpty(Rows(training).Intersect(Rows(test)));
        Assert.AreEqual(packed.GetColumn<float>("Label").Count(), folds.Sum(fold => fold.Test.GetColumn<float>("Label").Count()));
        Row.Fails<ArgumentOutOfRangeException>(() => SequenceFolds.ByBlock(packed, 30, 4).ToArray(), "4 folds", "58 windows");
    }

    [TestMethod]
    public void SeriesThatAreShortOrOutOfOrderAreRefused()
    {
        IDataView table = Table(Enumerable.Range(0, 20).Select(i => ("", i)));
        Row.Fails<ArgumentOutOfRangeException>(() => SequenceFolds.ByTime(table, s_windows, 9).ToArray(), "9 folds", "20 rows");
        Row.Fails<ArgumentException>(() => SequenceFolds.ByTime(table, s_windows with { Window = null }, 2).ToArray(), "need windows");
        IDataView mixed = Table(new[] { 0, 1, 2, 5, 4, 6, 7, 8, 9, 10, 11, 12 }.Select(i => ("", i)));
        Row.Fails<InvalidOperationException>(() => SequenceFolds.ByTime(mixed, s_windows with { OrderColumnName = "Value" }, 2).ToArray(),
            "'Value'", "row 4 of the table", "sorted by time", "row 3");
    }

    private static IEnumerable<float[]> Labels(IDataView packed) => packed.Schema["Label"].Type is VectorDataViewType
        ? packed.GetColumn<float[]>("Label") : packed.GetColumn<float>("Label").Select(value => new[] { value });

    private static IDataView Table(IEnumerable<(string Id, int Value)> rows) =>
        new MLContext(1).Data.LoadFromEnumerable(rows.Select(row => new Step { Id = row.Id, Value = row.Value }));

    private sealed class Step
    {
        public string Id { get; set; } = "";
        public float Value { get; set; }
    }
}
