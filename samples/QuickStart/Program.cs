using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.NTM;

var ml = new MLContext(seed: 1);

// One row per reading; 400 runs of a machine, each with its outcome. A quarter of the runs is kept for the test, whole.
IDataView table = ml.Data.LoadFromTextFile<Reading>("machines.csv", hasHeader: true, separatorChar: ',');
var runs = ml.Data.TrainTestSplit(table, testFraction: 0.25, samplingKeyColumnName: "Run");

// Readings to sequences, sequences to a network. Scales, validation and early stopping are the trainer's business.
var pipeline = ml.Sequence.Transforms
    .Pack(["Temperature", "Vibration"], "Failed", sequenceColumnName: "Run", labelPlacement: LabelPlacement.Last)
    .Append(ml.Sequence.Trainers.Lstm(controllerSize: 32, learningRate: 2e-3, numberOfIterations: 1_500));
var model = pipeline.Fit(runs.TrainSet);

BinaryClassificationMetrics test = ml.BinaryClassification.Evaluate(model.Transform(runs.TestSet), labelColumnName: "Label");
Console.WriteLine($"Outcomes foreseen in the test's runs: {test.Accuracy:P0}");
ml.Model.Save(model, table.Schema, "machines.zip");

// Elsewhere, later: runs whose outcome nobody knows yet.
ITransformer loaded = new MLContext().Model.Load("machines.zip", out _);
IDataView newRuns = ml.Data.LoadFromTextFile<NewReading>("machines-new.csv", hasHeader: true, separatorChar: ',');
foreach (Outcome outcome in ml.Data.CreateEnumerable<Outcome>(loaded.Transform(newRuns), reuseRowObject: false))
    Console.WriteLine($"Run {outcome.Run}: {(outcome.PredictedLabel ? "will fail" : "is fine")} ({outcome.Probability:P0})");

public class NewReading
{
    [LoadColumn(0)] public float Run { get; set; }
    [LoadColumn(1)] public float Temperature { get; set; }
    [LoadColumn(2)] public float Vibration { get; set; }
}

public class Reading : NewReading
{
    [LoadColumn(3)] public bool Failed { get; set; }
}

public class Outcome
{
    public float Run { get; set; }
    public bool PredictedLabel { get; set; }
    public float Probability { get; set; }
}
