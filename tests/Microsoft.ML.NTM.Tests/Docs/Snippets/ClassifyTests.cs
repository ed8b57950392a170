using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Docs.Snippets;

/// <summary>docs/guide/classify.md.</summary>
[TestClass]
public sealed class ClassifyTests
{
    [TestMethod]
    public void SequencesOfATableAreClassified()
    {
        var ml = new MLContext(seed: 1);
        IDataView table = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 480).Select(i => Reading(i / 8, i % 8)).ToList());

        var classes = ml.Transforms.Conversion.MapValueToKey("Activity")
            .Append(ml.Sequence.Transforms.Pack(["X", "Y", "Z"], "Activity", "Trial", labelPlacement: LabelPlacement.Last))
            .Append(ml.Sequence.Trainers.Lstm(controllerSize: 16, learningRate: 5e-3, numberOfIterations: 300))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        ITransformer model = classes.Fit(table);
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(table));

        Assert.IsGreaterThan(0.95, metrics.MicroAccuracy);
    }

    [TestMethod]
    public void WhatIsSavedScoresTablesWithoutAClass()
    {
        var ml = new MLContext(seed: 1);
        string path = Path.GetTempFileName();
        IDataView table = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 480).Select(i => Reading(i / 8, i % 8)).ToList());
        IDataView fresh = ml.Transforms.DropColumns("Activity").Fit(table).Transform(table);

        ITransformer keys = ml.Transforms.Conversion.MapValueToKey("Activity").Fit(table);
        ITransformer model = ml.Sequence.Transforms.Pack(["X", "Y", "Z"], "Activity", "Trial", labelPlacement: LabelPlacement.Last)
            .Append(ml.Sequence.Trainers.Lstm(controllerSize: 16, learningRate: 5e-3, numberOfIterations: 300))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(keys.Transform(table));
        ml.Model.Save(model, fresh.Schema, path);
        foreach (string name in ml.Model.Load(path, out _).Transform(fresh).GetColumn<string>("PredictedLabel").Take(3))
            Console.WriteLine(name);

        Assert.AreSequenceEqual(new[] { "walk", "sit", "lie" },
            ml.Model.Load(path, out _).Transform(fresh).GetColumn<string>("PredictedLabel").Take(3).ToArray());
        File.Delete(path);
    }

    [TestMethod]
    public void ACsvIsLoadedAsItIs()
    {
        var ml = new MLContext(seed: 1);
        string file = Path.GetTempFileName();
        File.WriteAllText(file, """
            Order;Time;Pressure;Line;Fault
            A1;2025-03-01 08:00;5,25;north;no
            A1;2025-03-01 09:00;;south;no

            """);

        IDataView table = ml.Data.LoadFromTextFile(file, new TextLoader.Options
        {
            HasHeader = true,
            Separators = [';'],
            DecimalMarker = ',',
            MissingRealsAsNaNs = true,
            Columns =
            [
                new("Order", DataKind.String, 0), new("Time", DataKind.DateTime, 1), new("Pressure", DataKind.Single, 2),
                new("Line", DataKind.String, 3), new("Fault", DataKind.String, 4),
            ],
        });

        Assert.AreSequenceEqual(new[] { 5.25f, float.NaN }, table.GetColumn<float>("Pressure").ToArray());
        Assert.AreEqual(new DateTime(2025, 3, 1, 8, 0, 0), table.GetColumn<DateTime>("Time").First());
        File.Delete(file);
    }

    private static Row Reading(int trial, int step)
    {
        string activity = new[] { "walk", "sit", "lie" }[trial % 3];
        float swing = activity == "walk" ? MathF.Sin(2 * step) : 0.1f;
        (float x, float y, float z) = (100 * swing, activity == "lie" ? 9.8f : 0, activity == "sit" ? 9.8f : 0);
        return new Row { Trial = trial, X = x, Y = y, Z = z, Activity = activity };
    }

    private sealed class Row
    {
        public float Trial { get; set; }
        public float X { get; set; }
        public float Y { get; set; }
        public float Z { get; set; }
        public string Activity { get; set; } = "";
    }
}
