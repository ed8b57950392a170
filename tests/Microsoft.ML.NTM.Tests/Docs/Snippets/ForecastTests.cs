namespace Microsoft.ML.NTM.Tests.Docs.Snippets;

/// <summary>docs/guide/forecast.md.</summary>
[TestClass]
public sealed class ForecastTests
{
    [TestMethod]
    public void ASeriesIsForecast()
    {
        var ml = new MLContext(seed: 1);
        IDataView series = ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 200).Select(i => new Row { Value = 50 + i / 4f + 10 * MathF.Sin(i) }).ToList());

        var forecasting = ml.Sequence.Forecasting("Value", horizon: 3, window: 12,
            trainer: ml.Sequence.Trainers.Lstm(controllerSize: 16, learningRate: 5e-3, numberOfIterations: 300));
        ITransformer model = forecasting.Fit(series);
        IReadOnlyList<SeriesForecast> next = ml.Sequence.Forecast(model, series, horizon: 3);
        Console.WriteLine(next[0]);

        for (int i = 0; i < 3; i++)
            Assert.AreEqual(50 + (200 + i) / 4f + 10 * MathF.Sin(200 + i), next[0].Values[i][0], 5f);

        foreach (var fold in ml.Sequence.CrossValidateSeries(series, forecasting, numberOfFolds: 3))
            Console.WriteLine(fold.Metrics.RootMeanSquaredError);
    }

    private sealed class Row
    {
        public float Value { get; set; }
    }
}
