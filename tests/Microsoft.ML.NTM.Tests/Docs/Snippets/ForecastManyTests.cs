using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Docs.Snippets;

/// <summary>docs/guide/forecast-many.md.</summary>
[TestClass]
public sealed class ForecastManyTests
{
    private const string Printed = """
        north: 3 rows of Demand and Price
        south: 3 rows of Demand and Price

        """;

    [TestMethod]
    public void SeveralColumnsOfSeveralSeriesAreForecastAtOnce()
    {
        var ml = new MLContext(seed: 1);
        IDataView history = ml.Data.LoadFromEnumerable(new[] { "north", "south" }.SelectMany((region, r) =>
            Enumerable.Range(0, 120).Select(i => new Row
            {
                Region = region,
                Demand = 100 + 20 * MathF.Sin(i + r),
                Price = 5 + MathF.Cos(i + r),
                Temperature = MathF.Sin(i + r + 1),
            })).ToList());
        StringBuilder printed = Console.Listen();

        var forecasting = ml.Sequence.Forecasting(new ForecastingOptions
        {
            ColumnNames = ["Demand", "Price"],
            InputColumnNames = ["Temperature"],
            SequenceColumnName = "Region",
            Window = 12,
            Horizon = 3,
            Trainer = ml.Sequence.Trainers.Lstm(new LstmTrainer.Options
            {
                ControllerSize = 16,
                LearningRate = 5e-3,
                NumberOfIterations = 200,
                DropoutRate = 0, // these curves have no noise; data that was measured has
            }),
        });
        ITransformer model = forecasting.Fit(history);
        foreach (SeriesForecast region in ml.Sequence.Forecast(model, history))
            Console.WriteLine($"{region.Sequence}: {region.Values.Count} rows of {string.Join(" and ", region.ColumnNames)}");

        Assert.AreEqual(Printed, printed.ToString());
        IReadOnlyList<SeriesForecast> next = ml.Sequence.Forecast(model, history);
        for (int r = 0; r < 2; r++)
        {
            Assert.AreEqual(100 + 20 * MathF.Sin(120 + r), next[r].Values[0][0], 8f);
            Assert.AreEqual(5 + MathF.Cos(120 + r), next[r].Values[0][1], 0.4f);
        }

        float[] errors = new float[3];
        IDataView scored = model.Transform(history);
        foreach (var (answer, truth) in scored.GetColumn<float[]>("Score").Zip(scored.GetColumn<float[]>("Label")))
        {
            if (truth.Any(float.IsNaN))
                continue;
            for (int step = 0; step < 3; step++)
                errors[step] += Math.Abs(answer[2 * step] - truth[2 * step]);
        }

        Assert.IsTrue(errors.All(error => error > 0 && float.IsFinite(error)));
    }

    private sealed class Row
    {
        public string Region { get; set; } = "";
        public float Demand { get; set; }
        public float Price { get; set; }
        public float Temperature { get; set; }
    }
}
