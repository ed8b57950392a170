using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;

namespace Microsoft.ML.NTM.Benchmarks.RealData;

/// <summary>
/// The next row of a series: root mean squared error in the series' own units. The rows before <paramref name="firstTest"/> are trained on.
/// </summary>
/// <param name="name">What it is called.</param>
/// <param name="rows">The column to forecast first, then further inputs.</param>
/// <param name="firstTest">The first row that is answered in the test.</param>
/// <param name="season">Rows from one time of a season to the same of the next.</param>
/// <param name="optimum">What nothing can beat, for made series: the error of whoever knows how they are made.</param>
internal sealed class ForecastSet(string name, float[][] rows, int firstTest, int? season = null, double? optimum = null)
    : RealDataSet(name, "RMSE")
{
    // Forecasting's own default, and the row before it, since differences are taken.
    private const int Window = 24;

    public override RealDataSet Inner() => new ForecastSet(Name, rows[..firstTest], firstTest * 2 / 3, season);

    public override int TestRows => rows.Length - firstTest;

    public override IEnumerable<(string Model, double Value)> Naive()
    {
        if (optimum is double best)
            yield return ("optimum", best);
        yield return ("last value", Rmse(row => rows[row - 1][0]));
        if (season is int period)
            yield return ("seasonal value", Rmse(row => rows[row - period][0]));
    }

    /// <summary>Windows for the rows of the part to train on, by share of it, or of the part to test on: changes, as sequences.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="from">Where to begin: 0 is the first row that has a window, 1 the first of the test.</param>
    /// <param name="to">Where to end: 1 is the end of the part to train on, 2 that of the part to test on.</param>
    public IDataView Windows(MLContext ml, double from, double to)
    {
        int Row(double place) => (int)(place <= 1 ? Window + 1 + place * (firstTest - Window - 1) : firstTest + (place - 1) * TestRows);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Flat));
        schema[nameof(Flat.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Window, rows[0].Length);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(Row(from), Row(to) - Row(from)).Select(Differences), schema);
    }

    public override double Train(string trainer, int seed)
    {
        var ml = new MLContext(seed);
        int inputs = rows[0].Length - 1;
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Step));
        schema[nameof(Step.Inputs)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Math.Max(inputs, 1));
        IDataView Table(IEnumerable<float[]> part) =>
            ml.Data.LoadFromEnumerable(part.Select(row => new Step { Value = row[0], Inputs = inputs > 0 ? row[1..] : [0f] }), schema);
        ITransformer model = ml.Sequence.Forecasting(new ForecastingOptions
        {
            ColumnNames = [nameof(Step.Value)],
            InputColumnNames = inputs > 0 ? [nameof(Step.Inputs)] : [],
            Trainer = Ours(ml, trainer, seed),
        }).Fit(Table(rows[..firstTest]));
        // A window and the row before it, so that the first row of the test is answered.
        SequenceMetrics metrics = ml.Sequence.Evaluate(model.Transform(Table(rows[(firstTest - Window - 1)..])));
        return metrics.Sequences == TestRows ? metrics.RootMeanSquaredError
            : throw new InvalidOperationException($"{metrics.Sequences} rows were answered instead of {TestRows}.");
    }

    public override double TrainFlat(string trainer)
    {
        var ml = new MLContext(1);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Flat));
        schema[nameof(Flat.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Window * rows[0].Length);
        IDataView Table(int from, int to) => ml.Data.LoadFromEnumerable(Enumerable.Range(from, to - from).Select(Differences), schema);
        IEstimator<ITransformer> estimator = trainer == "FastTree"
            ? ml.Regression.Trainers.FastTree(new FastTreeRegressionTrainer.Options { NumberOfThreads = 1 })
            : ml.Transforms.NormalizeMeanVariance("Features", fixZero: false)
                .Append(ml.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options { NumberOfThreads = 1 }));
        ITransformer model = estimator.Fit(Table(Window + 1, firstTest));
        float[] answers = [.. model.Transform(Table(firstTest, rows.Length)).GetColumn<float>("Score")];
        return Rmse(row => rows[row - 1][0] + answers[row - firstTest]);
    }

    // The same as Forecasting makes of it: changes from row to row, and how far the row lies from the last.
    private Flat Differences(int row) => new()
    {
        Features = [.. Enumerable.Range(row - Window, Window).SelectMany(t => (float[])[rows[t][0] - rows[t - 1][0], .. rows[t][1..]])],
        Label = rows[row][0] - rows[row - 1][0],
    };

    private double Rmse(Func<int, double> answer) =>
        Math.Sqrt(Enumerable.Range(firstTest, TestRows).Average(row => Math.Pow(answer(row) - rows[row][0], 2)));

    private sealed class Step
    {
        public float Value { get; set; }
        public float[] Inputs { get; set; } = [];
    }

    private sealed class Flat
    {
        public float[] Features { get; set; } = [];
        public float Label { get; set; }
    }
}
