using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Data.Packing;

namespace Microsoft.ML.NTM.Tests.Data.Packing;

[TestClass]
public sealed class PackedDataViewTests
{
    private static readonly PackOptions s_whole = new()
    {
        SequenceColumnName = "Id",
        Features = [new PackColumn("Features", ["X", "Pair"])],
        Label = new PackColumn("Label", ["Y"]),
        IncludeUnlabeled = false,
    };

    private static readonly PackOptions s_series = new()
    {
        Features = [new PackColumn("Features", ["X"])],
        Label = new PackColumn("Label", ["X"]),
        IncludeUnlabeled = false,
    };

    [TestMethod]
    public void RowsOfASequenceBecomeOneRow()
    {
        IDataView packed = new PackedDataView(View(("a", 1), ("a", 2), ("b", 3), ("c", 4), ("c", 5), ("c", 6)), s_whole);

        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 0, 3), packed.Schema["Features"].Type);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 0, 1), packed.Schema["Label"].Type);
        CollectionAssert.AreEqual(new[] { "a", "b", "c" }, packed.GetColumn<string>("Id").ToArray());
        AreEqual([[1, 10, 100, 2, 20, 200], [3, 30, 300], [4, 40, 400, 5, 50, 500, 6, 60, 600]], packed.GetColumn<float[]>("Features"));
        AreEqual([[-1, -2], [-3], [-4, -5, -6]], packed.GetColumn<float[]>("Label"));
    }

    [TestMethod]
    public void PackedSequencesCanBeTrainedOn()
    {
        IDataView packed = new PackedDataView(View(("a", 1), ("a", 2), ("b", 3)), s_whole);
        SequenceFormat format = FormatResolver.Resolve(packed, new SequenceColumns());
        using var batches = new TrainingBatches(packed, format, batchSize: 2, seed: 1);
        SequenceBatch batch = batches.Next();
        CollectionAssert.AreEqual(new float[] { 1, 10, 100, 3, 30, 300, 2, 20, 200, 0, 0, 0 }, batch.Inputs);
        CollectionAssert.AreEqual(new[] { -1, -3, -2, float.NaN }, batch.Targets);
    }

    [TestMethod]
    public void RowsAreSortedWithinTheirSequence()
    {
        (string, float)[] rows = [("a", 3), ("a", 1), ("a", 2), ("b", 9), ("b", 8)];
        foreach (bool? sorted in new bool?[] { true, false, null })
        {
            var packed = new PackedDataView(View(rows), s_whole with { OrderColumnName = "X", RowsAreGrouped = sorted });
            AreEqual([[-1, -2, -3], [-8, -9]], packed.GetColumn<float[]>("Label"));
        }
    }

    [TestMethod]
    public void ScatteredSequencesAreGatheredUnlessTheyAreSaidToStandTogether()
    {
        IDataView table = View(("a", 1), ("b", 2), ("a", 3));
        foreach (bool? grouped in new bool?[] { false, null })
        {
            var gathered = new PackedDataView(table, s_whole with { RowsAreGrouped = grouped });
            CollectionAssert.AreEqual(new[] { "a", "b" }, gathered.GetColumn<string>("Id").ToArray());
            AreEqual([[-1, -3], [-2]], gathered.GetColumn<float[]>("Label"));
        }
        Row.Fails<InvalidOperationException>(() => new PackedDataView(table, s_whole with { RowsAreGrouped = true })
            .GetColumn<float[]>("Label").Count(), "'Id'", "row 2 of the table", "stand together", "got 'a' again");
    }

    [TestMethod]
    public void WindowsSlideOverASeries()
    {
        IDataView table = View(Series(5));
        PackOptions last = s_series with { Window = 3, Horizon = 1, LabelPlacement = LabelPlacement.Last };
        var packed = new PackedDataView(table, last);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, 3, 1), packed.Schema["Features"].Type);
        Assert.AreEqual(NumberDataViewType.Single, packed.Schema["Label"].Type);
        AreEqual([[1, 2, 3], [2, 3, 4]], packed.GetColumn<float[]>("Features"));
        CollectionAssert.AreEqual(new float[] { 4, 5 }, packed.GetColumn<float>("Label").ToArray());

        AreEqual([[1, 2], [4, 5]], new PackedDataView(table, s_series with { Window = 2, Stride = 3 }).GetColumn<float[]>("Features"));
        PackOptions following = s_series with { Window = 2, Horizon = 2, LabelPlacement = LabelPlacement.Following };
        AreEqual([[3, 4], [4, 5]], new PackedDataView(table, following).GetColumn<float[]>("Label"));
        PackOptions every = s_series with { Window = 2, Horizon = 2 };
        AreEqual([[3, 4], [4, 5]], new PackedDataView(table, every).GetColumn<float[]>("Label"));
        AreEqual([[1, 2], [2, 3]], new PackedDataView(table, every).GetColumn<float[]>("Features"));
    }

    [TestMethod]
    public void WindowsStayWithinTheirSequence()
    {
        IDataView table = View(("a", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5), ("c", 6));
        foreach (bool? sorted in new bool?[] { true, false, null })
        {
            PackOptions options = s_whole with { Window = 2, Features = [new PackColumn("Features", ["X"])], RowsAreGrouped = sorted };
            AreEqual([[1, 2], [2, 3], [5, 6]], new PackedDataView(table, options).GetColumn<float[]>("Features"));
        }
    }

    [TestMethod]
    public void UnansweredSequencesHaveMissingLabels()
    {
        IDataView table = View(Series(4));
        PackOptions options = s_series with { Window = 3, Horizon = 2, LabelPlacement = LabelPlacement.Following, IncludeUnlabeled = true };
        AreEqual([[4, float.NaN], [float.NaN, float.NaN]], new PackedDataView(table, options).GetColumn<float[]>("Label"));
        AreEqual([[1, 2, 3], [2, 3, 4]], new PackedDataView(table, options).GetColumn<float[]>("Features"));

        PackOptions whole = s_series with { Horizon = 1, IncludeUnlabeled = true };
        AreEqual([[2, 3, 4, float.NaN]], new PackedDataView(table, whole).GetColumn<float[]>("Label"));
        AreEqual([[2, 3, 4]], new PackedDataView(table, whole with { IncludeUnlabeled = false }).GetColumn<float[]>("Label"));
    }

    [TestMethod]
    public void TablesWithoutTheLabelGiveEverySequenceAndNoLabel()
    {
        var ml = new MLContext(1);
        IDataView bare = ml.Transforms.DropColumns("X").Fit(View(Series(4))).Transform(View(Series(4)));
        foreach (bool included in new[] { true, false })
        {
            PackOptions options = new()
            {
                Features = [new PackColumn("Features", ["Y"])],
                Label = new PackColumn("Label", ["X"]),
                Window = 3,
                Horizon = 1,
                LabelPlacement = LabelPlacement.Last,
                IncludeUnlabeled = included,
            };
            var packed = new PackedDataView(bare, options);
            Assert.IsNull(packed.Schema.GetColumnOrNull("Label"));
            AreEqual([[-1, -2, -3], [-2, -3, -4]], packed.GetColumn<float[]>("Features"));
        }
    }

    [TestMethod]
    public void BooleanLabelsCannotBeMissingSoSequencesBeyondThemAreLeftOut()
    {
        PackOptions options = s_series with
        {
            Label = new PackColumn("Label", ["Positive"]),
            Window = 3,
            Horizon = 1,
            LabelPlacement = LabelPlacement.Last,
            IncludeUnlabeled = true,
        };
        AreEqual([[1, 2, 3]], new PackedDataView(View(Series(4)), options).GetColumn<float[]>("Features"));
    }

    [TestMethod]
    public void MissingIdsAndIdsThatSingleCannotTellApartAreErrorsOfTheTablesRow()
    {
        foreach (bool? grouped in new bool?[] { true, false, null })
        {
            Fails(s_whole with { RowsAreGrouped = grouped }, [("a", 1), ("a", 2), ("", 3)], "'Id'", "row 2 of the table",
                "got an empty text");
            PackOptions byNumber =
                s_whole with { SequenceColumnName = "X", Features = [new PackColumn("Features", ["Y"])], RowsAreGrouped = grouped };
            Fails(byNumber, [("a", 1), ("a", float.NaN)], "'X'", "row 1 of the table", "got NaN");
            Fails(byNumber, [("a", 16_777_215f), ("a", 16_777_216f)], "'X'", "row 1 of the table", "got 16777216, which Single cannot tell",
                "Int64");
        }
    }

    [TestMethod]
    public void MissingTimesAreErrorsAndEqualTimesKeepTheTablesOrder()
    {
        PackOptions sorted = s_whole with
        {
            SequenceColumnName = null,
            OrderColumnName = "X",
            Features = [new PackColumn("Features", ["X"])],
        };
        Fails(sorted, [("a", 2), ("b", 1), ("c", float.NaN)], "'X'", "row 2 of the table", "a value to sort by", "got NaN");
        Fails(sorted, [("a", 2), ("b", 1.7e9f)], "'X'", "row 1 of the table", "load the column as Int64");
        PackOptions ties = sorted with { OrderColumnName = "Second", Label = new PackColumn("Label", ["X"]) };
        AreEqual([[4, 1, 2, 3]], new PackedDataView(View(("a", 1), ("b", 2), ("c", 3), ("", 4)), ties).GetColumn<float[]>("Label"));
    }

    [TestMethod]
    public void KeysKeepTheirNamesAndBooleansAreLabels()
    {
        var ml = new MLContext(1);
        IDataView table = View(("a", 1), ("a", 2), ("b", 1));
        table = ml.Transforms.Conversion.MapValueToKey("Token", "Id").Fit(table).Transform(table);
        var packed = new PackedDataView(table, new PackOptions
        {
            SequenceColumnName = "Id",
            Features = [new PackColumn("Features", ["Token"])],
            Label = new PackColumn("Label", ["Positive"]),
            LabelPlacement = LabelPlacement.Last,
        });
        Assert.AreEqual(new VectorDataViewType(new KeyDataViewType(typeof(uint), 2), 0, 1), packed.Schema["Features"].Type);
        Assert.IsTrue(packed.GetColumn<bool>("Label").All(label => label));
        IDataView named = ml.Transforms.Conversion.MapKeyToValue("Features").Fit(packed).Transform(packed);
        CollectionAssert.AreEqual(new[] { "a", "a" }, named.GetColumn<string[]>("Features").First());
    }

    [TestMethod]
    public void LongSeriesAreHeldOnlyAroundTheWindow()
    {
        var row = new Row { Features = new float[1000] };
        IEnumerable<Row> rows = Enumerable.Range(0, 20_000).Select(i =>
        {
            row.Number = i;
            return row;
        });
        IDataView table = Row.View(rows, ("Features", new VectorDataViewType(NumberDataViewType.Single, 1000)));
        var packed = new PackedDataView(table, new PackOptions
        {
            Features = [new PackColumn("Features", ["Features", "Number"])],
            Window = 5,
            Stride = 7,
        });
        using DataViewRowCursor cursor = packed.GetRowCursor(packed.Schema);
        ValueGetter<VBuffer<float>> features = cursor.GetGetter<VBuffer<float>>(packed.Schema["Features"]);
        VBuffer<float> window = default;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; cursor.MoveNext(); i++)
        {
            Assert.AreEqual(i, cursor.Position);
            features(ref window);
            for (int t = 0; t < 5; t++)
                Assert.AreEqual(7f * i + t, window.GetValues()[1001 * t + 1000]);
        }
        // All rows together are 80 MB, and arrays that grow to hold them take twice as much.
        Assert.IsLessThan(40L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.AreEqual(-1, cursor.Position);
    }

    [TestMethod]
    public void OptionsSurviveJson()
    {
        PackOptions options = s_whole with
        {
            OrderColumnName = "X",
            Window = 3,
            Stride = 2,
            Horizon = 1,
            LabelPlacement = LabelPlacement.Last,
            RowsAreGrouped = false,
        };
        string json = JsonSerializer.Serialize(options);
        PackOptions back = JsonSerializer.Deserialize<PackOptions>(json)!;
        Assert.AreEqual(json, JsonSerializer.Serialize(back));
        Assert.AreEqual("Pair", back.Features[0].Sources[1]);
    }

    [TestMethod]
    public void EmptyTablesAndShortSeriesGiveNoSequences()
    {
        Assert.AreEqual(0, new PackedDataView(View(), s_whole).GetColumn<float[]>("Label").Count());
        Assert.AreEqual(0, new PackedDataView(View(), s_whole with { RowsAreGrouped = false }).GetColumn<float[]>("Label").Count());
        Assert.AreEqual(0, new PackedDataView(View(Series(3)), s_series with { Window = 4 }).GetColumn<float[]>("Label").Count());
    }

    [TestMethod]
    public void RandomTablesPackLikeASlowReference()
    {
        var random = new Random(11);
        for (int round = 0; round < 200; round++)
        {
            int sequences = random.Next(0, 5), window = random.Next(1, 5), stride = random.Next(1, 5), horizon = random.Next(0, 4);
            var rows = new List<(string Id, float X)>();
            for (int s = 0; s < sequences; s++)
            {
                for (int n = random.Next(1, 12); n > 0; n--)
                    rows.Add(($"{s}", random.Next(100)));
            }
            var expected = new List<float[]>();
            foreach (float[] series in rows.GroupBy(row => row.Id).Select(group => group.Select(row => row.X).ToArray()))
            {
                for (int start = 0; start + window + horizon <= series.Length; start += stride)
                    expected.Add([.. series[start..(start + window)], series[start + window - 1 + horizon]]);
            }
            PackOptions options = s_series with
            {
                SequenceColumnName = "Id",
                Window = window,
                Stride = stride,
                Horizon = horizon,
                LabelPlacement = LabelPlacement.Last,
                RowsAreGrouped = random.Next(2) == 0,
            };
            var packed = new PackedDataView(View([.. rows]), options);
            AreEqual(expected, packed.GetColumn<float[]>("Features").Zip(packed.GetColumn<float>("Label"), (x, y) => (float[])[.. x, y]));
        }
    }

    [TestMethod]
    public void BadOptionsAreAllNamedAtOnce() =>
        Row.Fails<ArgumentException>(
            () => _ = new PackedDataView(View(), new PackOptions { Window = 0, Stride = 0, Horizon = -1 }),
            "At least one feature column", "Window must be at least 1", "Stride must be at least 1", "Horizon must be at least 0");

    [TestMethod]
    public void BadColumnsAreNamed()
    {
        Refuses(s_whole with { SequenceColumnName = "Nothing" }, "sequence column 'Nothing'");
        Refuses(s_whole with { SequenceColumnName = "Pair" }, "sequence column 'Pair'", "a scalar");
        Refuses(s_whole with { OrderColumnName = "Id" }, "order column 'Id'", "number, date or key", "got String");
        Refuses(s_whole with { Features = [new PackColumn("Features", ["X", "Id"])] }, "feature column 'Id'", "Single", "beside others",
            "got String");
        Refuses(s_whole with { Features = [new PackColumn("Features", ["X", "Positive"])] }, "feature column 'Positive'", "got Boolean");
        Assert.IsNull(new PackedDataView(View(),
            s_whole with { Label = new PackColumn("Label", ["Nothing"]) }).Schema.GetColumnOrNull("Label"), "Scoring needs no label.");
        Refuses(s_whole with { Features = [new PackColumn("Features", ["Id"])] }, "feature column 'Id'", "MapValueToKey", "got String");
        Refuses(s_whole with { Features = [new PackColumn("Features", ["X", "Second"])] }, "feature column 'Second'", "ConvertType",
            "got Int32");
    }

    private static void Fails(PackOptions options, (string, float)[] rows, params string[] parts) =>
        Row.Fails<InvalidOperationException>(() => new PackedDataView(View(rows), options).GetColumn<float[]>("Label").Count(), parts);

    private static void Refuses(PackOptions options, params string[] parts) =>
        Row.Fails<ArgumentOutOfRangeException>(() => _ = new PackedDataView(View(), options), parts);

    private static (string, float)[] Series(int count) => [.. Enumerable.Range(1, count).Select(i => ("", (float)i))];

    private static IDataView View(params (string Id, float X)[] rows) => new MLContext(1).Data.LoadFromEnumerable(
        rows.Select(row => new Step
        {
            Id = row.Id,
            X = row.X,
            Pair = [10 * row.X, 100 * row.X],
            Y = -row.X,
            Positive = row.X > 0,
            Second = row.Id == "" ? 0 : 1,
        }));

    private static void AreEqual(IEnumerable<float[]> expected, IEnumerable<float[]> actual)
    {
        float[][] wanted = [.. expected], came = [.. actual];
        Assert.HasCount(wanted.Length, came);
        for (int i = 0; i < wanted.Length; i++)
            CollectionAssert.AreEqual(wanted[i], came[i], $"row {i}: {string.Join(" ", came[i])}");
    }

    public sealed class Step
    {
        public string Id { get; set; } = "";

        public float X { get; set; }

        [VectorType(2)]
        public float[] Pair { get; set; } = [0, 0];

        public float Y { get; set; }

        public bool Positive { get; set; }

        public int Second { get; set; }
    }
}
