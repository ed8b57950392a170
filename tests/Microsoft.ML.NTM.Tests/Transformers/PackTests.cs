using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Tests.Data;

namespace Microsoft.ML.NTM.Tests.Transformers;

[TestClass]
public sealed class PackTests
{
    private static readonly PackColumn s_values = new("Features", ["Value", "Pair"]);

    private static IEnumerable<object[]> Options() => new PackOptions[]
    {
        new() { Features = [s_values] },
        new() { Features = [s_values], SequenceColumnName = "Id", OrderColumnName = "Time", Label = new("Label", ["Value"]) },
        new() { Features = [new("Features", ["Token"])], SequenceColumnName = "Token", OrderColumnName = "Token", RowsAreGrouped = false },
        new()
        {
            Features = [s_values, new("Tokens", ["Token"])],
            SequenceColumnName = "Id",
            Label = new("Label", ["Flag"]),
            LabelPlacement = LabelPlacement.Last,
        },
        new()
        {
            Features = [s_values],
            Window = 2,
            Horizon = 1,
            Label = new("Label", ["Token"]),
            LabelPlacement = LabelPlacement.Last,
            IncludeUnlabeled = true,
        },
        new()
        {
            Features = [s_values],
            Window = 2,
            Horizon = 2,
            Stride = 2,
            Label = new("Label", ["Value", "Pair"]),
            LabelPlacement = LabelPlacement.Following,
        },
        new() { Features = [s_values], Window = 3, Label = new("Label", ["One"]), LabelPlacement = LabelPlacement.Last },
        new() { Features = [s_values], Window = 3, Label = new("Label", ["Token"]) },
    }.Select(options => new object[] { options });

    [TestMethod]
    [DynamicData(nameof(Options))]
    public void PackingKeepsItsPromises(object options)
    {
        var ml = new MLContext(seed: 1);
        IDataView valid = Table(ml);
        IDataView bad = ml.Transforms.DropColumns("Value", "Token").Fit(valid).Transform(valid);
        EstimatorConformance.Check(ml, ml.Sequence.Transforms.Pack((PackOptions)options), valid, bad);
    }

    [TestMethod]
    public void ColumnsThatCannotBePackedAreRefusedBeforeAndAfterFitting()
    {
        Refuses(new() { Features = [s_values], SequenceColumnName = "Pair" }, "sequence column 'Pair'", "a scalar");
        Refuses(new() { Features = [s_values], OrderColumnName = "Id" }, "order column 'Id'", "a scalar number, date or key");
        Refuses(new() { Features = [new("Features", ["Value", "Token"])] }, "feature column 'Token'", "beside others");
        Refuses(new() { Features = [new("Features", ["Id"])] }, "feature column 'Id'", "Single, Boolean or a key");
        Refuses(new() { Features = [new("Features", ["Open"])] }, "feature column 'Open'", "fixed size");
        Refuses(new() { Features = [s_values], Label = new("Label", ["Nothing"]) }, "label column 'Nothing'");
    }

    [TestMethod]
    public void EveryFaultOfTheOptionsIsNamedAtOnce()
    {
        var ml = new MLContext(seed: 1);
        ArgumentException fault = Assert.Throws<ArgumentException>(() =>
            ml.Sequence.Transforms.Pack(["Value"], sequenceColumnName: "", window: 0, horizon: -1));
        foreach (string part in new[] { "SequenceColumnName", "Window must be at least 1", "Horizon must be at least 0" })
            StringAssert.Contains(fault.Message, part);
        Assert.Throws<ArgumentException>(() => ml.Sequence.Transforms.Pack(["Value", ""]));
        Assert.Throws<ArgumentNullException>(() => ml.Sequence.Transforms.Pack((string[])null!));
    }

    [TestMethod]
    public void ForecastingACsvColumnIsAFiveLinePipeline()
    {
        string file = Path.GetTempFileName();
        File.WriteAllLines(file, Enumerable.Range(0, 60).Select(i => FormattableString.Invariant($"{i},{Math.Sin(0.6 * i):F4}"))
            .Prepend("Time,Value"));
        var ml = new MLContext(seed: 1);

        IDataView table = ml.Data.LoadFromTextFile<Reading>(file, separatorChar: ',', hasHeader: true);
        var pipeline = ml.Sequence.Transforms.Pack(["Value"], "Value", labelPlacement: LabelPlacement.Last, window: 4, horizon: 1)
            .Append(ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(ml.Sequence.Trainers.Lstm(new() { ControllerSize = 6, NumberOfIterations = 5, BatchSize = 8 }));
        ITransformer model = pipeline.Fit(table);
        RegressionMetrics metrics = ml.Regression.Evaluate(model.Transform(table));

        Assert.IsTrue(double.IsFinite(metrics.RootMeanSquaredError));
        Assert.HasCount(57, DataViewValues.Rows(model.Transform(table)), "56 windows with a label, and the newest.");
        DataViewValues.AssertSame(model.Transform(table), EstimatorConformance.Reload(ml, model, table.Schema).Transform(table));
        Assert.Throws<ArgumentOutOfRangeException>(() => ml.Model.CreatePredictionEngine<Reading, Reading>(model),
            "Packing has no single row to predict.");
        File.Delete(file);
    }

    [TestMethod]
    public void FoldsKeepSequencesWholeWithTheSequenceColumnAsSamplingKey()
    {
        var ml = new MLContext(seed: 1);
        IDataView table = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).SelectMany(s => Enumerable.Range(0, 3 + s % 3).Select(t =>
            new Reading { Time = s, Value = MathF.Cos(s + t) })));
        var pipeline = ml.Sequence.Transforms.Pack(["Value"], "Value", sequenceColumnName: "Time")
            .Append(ml.Sequence.Trainers.Lstm(new() { ControllerSize = 4, NumberOfIterations = 2, BatchSize = 4 }));

        var folds = ml.Sequence.CrossValidate(table, pipeline, numberOfFolds: 3, samplingKeyColumnName: "Time");

        Assert.AreEqual(12, folds.Sum(fold => fold.Metrics.Sequences));
        Assert.AreEqual(12, folds.SelectMany(fold => fold.ScoredHoldOutSet.GetColumn<float>("Time")).Distinct().Count());
    }

    [TestMethod]
    public void CrossValidationTearsNoSequenceAndNoWindow()
    {
        var ml = new MLContext(seed: 1);
        LstmTrainer trainer = ml.Sequence.Trainers.Lstm(new() { ControllerSize = 3, NumberOfIterations = 1, NumberOfThreads = 1 });
        IDataView table = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Reading { Time = i % 6, Value = i }));

        var sequences = ml.Sequence.CrossValidate(table,
            ml.Sequence.Transforms.Pack(["Value"], "Value", sequenceColumnName: "Time").Append(trainer), numberOfFolds: 3);
        CollectionAssert.AreEqual(new[] { 2, 2, 2 }, sequences.Select(fold => fold.ScoredHoldOutSet.GetColumn<float[]>("Features").Count())
            .ToArray());
        Assert.IsTrue(sequences.All(fold => fold.ScoredHoldOutSet.GetColumn<float[]>("Features").All(values => values.Length == 10)));

        PackEstimator pack = ml.Sequence.Transforms.Pack(["Value"], "Value", labelPlacement: LabelPlacement.Last, window: 4, horizon: 1);
        foreach (IEnumerable<float[]> windows in ml.Sequence.CrossValidate(table, pack.Append(trainer), numberOfFolds: 3)
            .Concat(ml.Sequence.CrossValidate(pack.Fit(table).Transform(table), trainer, numberOfFolds: 3))
            .Select(fold => fold.ScoredHoldOutSet.GetColumn<float[]>("Features")))
        {
            Assert.IsTrue(windows.All(values => values.Select((value, t) => value - t).Distinct().Count() == 1), "Rows in a row.");
        }
        Row.Fails<ArgumentException>(() => ml.Sequence.CrossValidate(table, pack.Append(trainer), samplingKeyColumnName: "Time"),
            "'Time' would tear");
        Row.Fails<ArgumentException>(() =>
            ml.Sequence.CrossValidate(table, ml.Sequence.Transforms.Pack(["Value"], "Value").Append(trainer)), "need windows");
        Row.Fails<ArgumentException>(() => ml.Sequence.CrossValidate(table, ml.Transforms.CopyColumns("Id", "Time")
            .Append(ml.Sequence.Transforms.Pack(["Value"], "Value", sequenceColumnName: "Id")).Append(trainer)), "'Id' itself",
                "samplingKeyColumnName");
    }

    [TestMethod]
    public void PipelinesScoreTablesWithoutTheLabelBeforeAndAfterReloading()
    {
        var ml = new MLContext(seed: 1);
        Point[] points = [.. Enumerable.Range(0, 40).Select(i => new Point { X = MathF.Sin(i), Y = MathF.Cos(i) })];
        IDataView data = ml.Data.LoadFromEnumerable(points);
        IDataView bare = ml.Data.LoadFromEnumerable(points.Select(point => new New { X = point.X }));
        ITransformer model = ml.Sequence.Transforms.Pack(["X"], "Y", labelPlacement: LabelPlacement.Last, window: 8)
            .Append(ml.Sequence.Trainers.Lstm(new() { ControllerSize = 4, NumberOfIterations = 2, NumberOfThreads = 1 })).Fit(data);

        foreach (ITransformer each in new[] { model, EstimatorConformance.Reload(ml, model, data.Schema) })
        {
            float[] scores = [.. each.Transform(bare).GetColumn<float>("Score")];
            Assert.HasCount(33, scores);
            CollectionAssert.AreEqual(each.Transform(data).GetColumn<float>("Score").ToArray(), scores);
        }
    }

    [TestMethod]
    public void AClassThatOnlyTrainingMapsToKeysIsNoLabelWhenScoring()
    {
        var ml = new MLContext(seed: 1);
        IDataView table = Table(ml);
        ITransformer classes = ml.Transforms.Conversion.MapValueToKey("Id").Fit(table);
        PackEstimator pack = ml.Sequence.Transforms.Pack(["Value"], "Id", "Token", labelPlacement: LabelPlacement.Last);

        IDataView packed = pack.Fit(classes.Transform(table)).Transform(table);
        Assert.IsNull(packed.Schema.GetColumnOrNull("Label"));
        Assert.HasCount(3, packed.GetColumn<float[]>("Features").ToArray());
        Row.Fails<ArgumentOutOfRangeException>(() => pack.Fit(table), "label column 'Id'", "MapValueToKey makes keys of texts");
    }

    [TestMethod]
    public void TheNewestWindowIsAnsweredAndNotTrainedOn()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Point { X = MathF.Sin(i) }));
        PackOptions options = new()
        {
            Features = [new("Features", ["X"])],
            Label = new("Label", ["X"]),
            LabelPlacement = LabelPlacement.Last,
            Window = 8,
            Horizon = 1,
        };
        float[][] scores = [.. new[] { true, false }.Select(included =>
            ml.Sequence.Transforms.Pack(options with { IncludeUnlabeled = included })
            .Append(ml.Sequence.Trainers.Lstm(new() { ControllerSize = 4, NumberOfIterations = 5, NumberOfThreads = 1, Seed = 1 }))
            .Fit(data).Transform(data).GetColumn<float>("Score").ToArray())];

        Assert.HasCount(33, scores[0]);
        CollectionAssert.AreEqual(scores[1], scores[0][..^1], "The same training, with one row more to score.");
        ITransformer model = ml.Sequence.Transforms.Pack(["X"], "X", labelPlacement: LabelPlacement.Last, window: 8, horizon: 1)
            .Append(ml.Sequence.Trainers.Lstm(new() { ControllerSize = 4, NumberOfIterations = 2, NumberOfThreads = 1 })).Fit(data);
        IDataView newest = model.Transform(ml.Data.SkipRows(data, 32));
        Assert.AreEqual(1, newest.GetColumn<float>("Score").Count());
        Assert.AreEqual(32.0, ml.Sequence.Evaluate(model.Transform(data)).Sequences, "What has no label is left out.");
    }

    [TestMethod]
    public void ValuesThatTrainersRefuseAreNamedByTheTablesColumnAndRow()
    {
        var ml = new MLContext(seed: 1);
        LstmTrainer trainer = ml.Sequence.Trainers.Lstm(new() { ControllerSize = 3, NumberOfIterations = 1, NumberOfThreads = 1 });
        Point[] points = [.. Enumerable.Range(0, 30).Select(i => new Point { Id = i / 15, X = i, Y = i == 17 ? float.NaN : -i })];
        IDataView table = ml.Data.LoadFromEnumerable(points);

        PackOptions windows = new()
        {
            Features = [new("Features", ["X", "Y"])],
            Label = new("Label", ["X"]),
            Window = 4,
            SequenceColumnName = "Id",
        };
        foreach (int? window in new int?[] { 4, null })
        {
            IEstimator<ITransformer> pipeline = ml.Sequence.Transforms.Pack(windows with { Window = window }).Append(trainer);
            Row.Fails<InvalidOperationException>(() => pipeline.Fit(table), "'Features'", "got NaN", "(column 'Y', row 17 of the table)");
        }
        Row.Fails<InvalidOperationException>(() => ml.Sequence.Transforms.Pack(windows with { OrderColumnName = "X", Window = null })
            .Append(trainer).Fit(table),
            "(column 'Y', 2 rows after row 15 of the table in its sequence)");
        Row.Fails<InvalidOperationException>(() => ml.Sequence.Forecasting(new ForecastingOptions
        {
            ColumnNames = ["X", "Y"],
            Window = 3,
            Trainer = trainer,
        }).Fit(table), "(column 'Y', row 17 of the table)");
    }

    [TestMethod]
    public void LabelsThatFollowTheWindowNeedNoOptions()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Point { X = MathF.Sin(i), Y = MathF.Cos(i) }));
        foreach (int horizon in new[] { 6, 24 })
        {
            TransformerChain<SequenceTransformer> model = ml.Sequence.Transforms.Pack(new PackOptions
            {
                Features = [new("Features", ["X"])],
                Label = new("Label", ["X", "Y"]),
                LabelPlacement = LabelPlacement.Following,
                Window = 24,
                Horizon = horizon,
            }).Append(ml.Sequence.Trainers.Lstm(new() { ControllerSize = 4, NumberOfIterations = 2, NumberOfThreads = 1 })).Fit(data);

            foreach (ITransformer each in new[] { model, EstimatorConformance.Reload(ml, model, data.Schema) })
            {
                IDataView scored = each.Transform(data);
                Assert.AreEqual(2 * horizon, scored.GetColumn<float[]>("Score").First().Length);
                Assert.HasCount(37, scored.GetColumn<float[]>("Score").ToArray());
                SequenceMetrics metrics = ml.Sequence.Evaluate(scored);
                Assert.AreEqual(36, metrics.Sequences);
                CollectionAssert.AreEqual(new[] { 24 }, metrics.ByLength.Keys.ToArray());
            }
            SequenceSpec sequence = model.LastTransformer.Model.Sequence;
            Assert.AreEqual((SequenceAlignment.AfterInput, horizon), (sequence.Alignment, sequence.OutputLength));
        }
    }

    [TestMethod]
    public void TablesSortedByTimeWithIdsInterleavedPackByTheSimpleOverload()
    {
        var ml = new MLContext(seed: 1);
        IDataView table = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Reading { Time = i % 3, Value = i }));
        IDataView packed = ml.Sequence.Transforms.Pack(["Value"], sequenceColumnName: "Time").Fit(table).Transform(table);
        CollectionAssert.AreEqual(new float[] { 1, 4, 7, 10 }, packed.GetColumn<float[]>("Features").ElementAt(1));
    }

    private static void Refuses(PackOptions options, params string[] parts)
    {
        var ml = new MLContext(seed: 1);
        PackEstimator estimator = ml.Sequence.Transforms.Pack(options);
        Row.Fails<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShape.Create(Table(ml).Schema)), parts);
        Row.Fails<ArgumentOutOfRangeException>(() => estimator.Fit(Table(ml)), parts);
    }

    private static IDataView Table(MLContext ml)
    {
        IDataView steps = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 9).Select(i => new Step
        {
            Id = i < 4 ? "a" : i < 5 ? "b" : "c",
            Time = 9 - i,
            Value = i,
            Flag = i % 2 == 0,
        }));
        return ml.Transforms.Conversion.MapValueToKey("Token", "Id").Fit(steps).Transform(steps);
    }

    private sealed class Reading
    {
        [LoadColumn(0)]
        public float Time { get; set; }

        [LoadColumn(1)]
        public float Value { get; set; }
    }

    private sealed class Point
    {
        public float Id { get; set; }
        public float X { get; set; }
        public float Y { get; set; }
    }

    private sealed class New
    {
        public float X { get; set; }
    }

    private sealed class Step
    {
        public string Id { get; set; } = "";
        public int Time { get; set; }
        public float Value { get; set; }

        [VectorType(2)]
        public float[] Pair { get; set; } = [1f, 2f];

        [VectorType(1)]
        public float[] One { get; set; } = [1f];
        public float[] Open { get; set; } = [1f];
        public bool Flag { get; set; }
    }
}
