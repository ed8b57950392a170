namespace Microsoft.ML.NTM.Tests.Issues;

/// <summary>Decimal commas were read as NaN, NaN is not scored, and a model was trained on nothing that looked trained.</summary>
[TestClass]
public sealed class NothingToLearnFromTests
{
    [TestMethod]
    public void LabelsThatAreAllMissingAreAnErrorThatShowsThem()
    {
        var ml = new MLContext(1);
        var pipeline = ml.Sequence.Transforms.Pack(["X"], "Y", labelPlacement: LabelPlacement.Last, window: 2)
            .Append(ml.Sequence.Trainers.Lstm(new LstmTrainer.Options { ControllerSize = 4, NumberOfIterations = 2 }));

        Tests.Data.Row.Fails<InvalidOperationException>(() => pipeline.Fit(Table(ml, 5, 0)), "'Label'", "none in 4 rows",
            "NaN, NaN, NaN, NaN", "decimal commas");
    }

    [TestMethod]
    public void MissingClassesAreAnErrorThatSaysWhereTheyComeFrom()
    {
        var ml = new MLContext(1);
        IDataView data = Tests.Data.Row.View([new() { Features = [1, 2], Classes = [0, 0] }, new() { Features = [1], Classes = [0] }]);
        LstmTrainer trainer = ml.Sequence.Trainers.Lstm(new LstmTrainer.Options
        {
            LabelColumnName = "Classes",
            ControllerSize = 4,
            NumberOfIterations = 2,
        });

        Tests.Data.Row.Fails<InvalidOperationException>(() => trainer.Fit(data), "'Classes'", "none in 2 rows", "missing, missing, missing",
            "MapValueToKey");
    }

    [TestMethod]
    [DataRow(40, 1)]
    [DataRow(60, 0)]
    public void MoreThanHalfOfTheLabelsMissingIsAWarning(int labelled, int warnings)
    {
        var ml = new MLContext(1);
        var lines = new List<string>();
        ml.Log += (_, line) =>
        {
            if (line.Kind == Runtime.ChannelMessageKind.Warning)
                lines.Add(line.Message);
        };

        ml.Sequence.Transforms.Pack(["X"], "Y", labelPlacement: LabelPlacement.Last, window: 1)
            .Append(ml.Sequence.Trainers.Lstm(new LstmTrainer.Options { ControllerSize = 4, NumberOfIterations = 2 }))
                .Fit(Table(ml, 100, labelled));

        Assert.HasCount(warnings, lines);
        Assert.IsTrue(lines.All(line => line.Contains("60 of 100 values in the first 100 sequences")), string.Join('\n', lines));
    }

    private static IDataView Table(MLContext ml, int rows, int labelled) =>
        ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => new Reading { X = i, Y = i < labelled ? i : float.NaN }).ToList());

    private sealed class Reading
    {
        public float X { get; set; }
        public float Y { get; set; }
    }
}
