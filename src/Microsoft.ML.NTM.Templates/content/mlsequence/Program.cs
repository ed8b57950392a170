// Learns from sequences in a CSV, one row per reading, what each sequence turns out to be; measures that on sequences kept apart; saves
// the model; answers for sequences whose outcome is not known. For data of your own, edit the two places marked EDIT.
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.NTM;

// EDIT 1 of 2: the files, which columns are read in each step, which one says what belongs together, and which one is asked for.
string trainFile = Beside("machines.csv"), newFile = Beside("machines-new.csv"), modelFile = "machines.zip";
string[] features = [nameof(NewReading.Temperature), nameof(NewReading.Vibration)];
const string Sequence = nameof(NewReading.Run), Label = nameof(Reading.Failed);
var csv = new TextLoader.Options { HasHeader = true, Separators = [','], DecimalMarker = '.', MissingRealsAsNaNs = true };

var ml = new MLContext(seed: 1);
IDataView table = ml.Data.LoadFromTextFile<Reading>(trainFile, csv);
var parts = ml.Data.TrainTestSplit(table, testFraction: 0.25, samplingKeyColumnName: Sequence);

// Scales, validation and early stopping are the trainer's business. What to tune first: the size, the rate, the number of updates.
var pipeline = ml.Sequence.Transforms
    .Pack(features, Label, sequenceColumnName: Sequence, labelPlacement: LabelPlacement.Last)
    .Append(ml.Sequence.Trainers.Lstm(new LstmTrainer.Options
    {
        ControllerSize = 32,
        LearningRate = 2e-3,
        NumberOfIterations = 1_500,
        Progress = new ConsoleProgress(),
    }));
ITransformer model = pipeline.Fit(parts.TrainSet);

// How good it is on sequences it has not seen, beside the answer that needs no model: always the commoner outcome.
IDataView scored = model.Transform(parts.TestSet);
BinaryClassificationMetrics test = ml.BinaryClassification.Evaluate(scored);
double share = scored.GetColumn<bool>("Label").Average(label => label ? 1.0 : 0.0);
Console.WriteLine($"Right in the test: {test.Accuracy:P1}; always the commoner outcome: {Math.Max(share, 1 - share):P1}");
ml.Model.Save(model, table.Schema, modelFile);

// As another program would: load, and answer.
ITransformer loaded = new MLContext().Model.Load(modelFile, out _);
IDataView fresh = ml.Data.LoadFromTextFile<NewReading>(newFile, csv);
foreach (Answer answer in ml.Data.CreateEnumerable<Answer>(loaded.Transform(fresh), reuseRowObject: false))
    Console.WriteLine($"{Sequence} {answer.Id}: {Label} {answer.PredictedLabel} ({answer.Probability:P0})");

static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

// EDIT 2 of 2: the columns of the CSV, by their number. Readings are float; the id is float or string, in Answer, too; the label is yes or
// no, as bool. (Several classes, numbers, texts, missing readings: see the guides of Microsoft.ML.NTM.)
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

public class Answer
{
    [ColumnName(nameof(NewReading.Run))] public float Id { get; set; }
    public bool PredictedLabel { get; set; }
    public float Probability { get; set; }
}
