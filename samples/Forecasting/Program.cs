// One long series in a CSV, forecast some steps ahead: windows slide over it, and an LSTM is compared with trees and a linear model over the same windows.
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.NTM;
using Spectre.Console;

const int Window = 24, Horizon = 12;
string file = Path.Combine(Path.GetTempPath(), "mackey-glass.csv");
MackeyGlass.Write(file, 4_000);
var ml = new MLContext(seed: 1);

// The past is for training, the future for testing.
IDataView series = ml.Data.LoadFromTextFile<Reading>(file, separatorChar: ',', hasHeader: true);
IDataView train = ml.Data.TakeRows(series, 3_000);
IDataView test = ml.Data.SkipRows(series, 3_000);

// Each window of 24 values is a sequence; its label is the value 12 steps after the window's last.
var windows = ml.Sequence.Transforms.Pack(["Value"], "Value", labelPlacement: LabelPlacement.Last, window: Window, horizon: Horizon)
    .Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false));

var results = new Table().Border(TableBorder.Simple).AddColumn("forecast").AddColumn("RMSE").AddColumn("MAE").AddColumn("R2").AddColumn("seconds");
Compare("LSTM, step by step", ml.Sequence.Trainers.Lstm(new LstmTrainer.Options
{
    ControllerSize = 32,
    NumberOfIterations = 4_000,
    LearningRate = 5e-3,
    Optimizer = OptimizerKind.Adam,
    BatchSize = 32,
}));
Compare("FastTree over the window", ml.Regression.Trainers.FastTree());
Compare("SDCA (linear) over the window", ml.Regression.Trainers.Sdca());
AnsiConsole.Write(results);

void Compare(string name, IEstimator<ITransformer> trainer)
{
    var time = Stopwatch.StartNew();
    ITransformer model = windows.Append(trainer).Fit(train);
    RegressionMetrics metrics = ml.Regression.Evaluate(model.Transform(test));
    results.AddRow(name, $"{metrics.RootMeanSquaredError:F4}", $"{metrics.MeanAbsoluteError:F4}", $"{metrics.RSquared:F4}", $"{time.Elapsed.TotalSeconds:F1}");
}

internal sealed class Reading
{
    [LoadColumn(0)] public float Time { get; set; }
    [LoadColumn(1)] public float Value { get; set; }
}

/* Expected output (the seconds are this machine's). Windows of a fixed length suit trees: here they win by a little over the LSTM, and a linear
   model cannot follow the series:

  forecast                        RMSE     MAE      R2       seconds
──────────────────────────────────────────────────────────────────────
  LSTM, step by step              0.0089   0.0073   0.9985   5.5
  FastTree over the window        0.0083   0.0064   0.9987   3.3
  SDCA (linear) over the window   0.1091   0.0858   0.7678   2.0
*/
