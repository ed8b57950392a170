// The trainers' options swept by Microsoft.ML.AutoML: one answer per sequence with AutoML's own evaluators, answers per step with a runner
// of our own.
using Microsoft.ML;
using Microsoft.ML.AutoML;
using Microsoft.ML.Data;
using Microsoft.ML.NTM;
using Microsoft.ML.SearchSpace;

var settings = new Settings();
if (Arguments.Read(args, "Sweeps the trainers' options with Microsoft.ML.AutoML.", ("sweep", settings)) is int code)
    return code;
string pulsesPath = Path.Combine(settings.Out, "pulses.zip"), copyPath = Path.Combine(settings.Out, "copy.zip");
Directory.CreateDirectory(settings.Out);
var ml = new MLContext(seed: 1);

// One answer per sequence: which of two pulses came first. AutoML only calls Fit(train); the trainer holds back what it validates on.
IDataView train = ml.Data.LoadFromEnumerable(Pulses.Draw(1_000, seed: 1));
IDataView validation = ml.Data.LoadFromEnumerable(Pulses.Draw(300, seed: 2));
var toKey = ml.Transforms.Conversion.MapValueToKey("Label");
var lstm = ml.Auto().CreateSweepableEstimator(
    (context, options) =>
    {
        // Fixed options belong here: those of a default object given to SearchSpace<T> are lost.
        options.NumberOfIterations = settings.Sequences / options.BatchSize;
        return context.Sequence.Trainers.Lstm(options);
    },
    new SearchSpace<LstmTrainer.Options>());

// SMAC spends seconds on each of its refits, so it pays where trials take minutes; for trials of seconds take SetCostFrugalTuner.
TrialResult best = await ml.Auto().CreateExperiment()
    .SetPipeline(new EstimatorChain<ITransformer>().Append(toKey).Append(lstm))
    .SetDataset(train, validation)
    .SetMulticlassClassificationMetric(MulticlassClassificationMetric.MicroAccuracy, labelColumn: "Label")
    .SetTrainingTimeInSeconds(settings.Seconds)
    .SetSmacTuner()
    .RunAsync();
ml.Model.Save(best.Model, train.Schema, pulsesPath);
ITransformer loaded = ml.Model.Load(pulsesPath, out _);
Console.WriteLine($"Pulses: micro-accuracy {ml.MulticlassClassification.Evaluate(loaded.Transform(validation)).MicroAccuracy:F3}");

// Answers per step: AutoML's evaluators cannot read vector labels, so a runner trains, stops what does not learn, and measures.
IDataView copies = new CopyTask(1, 6, bits: 4, seed: 1).ToDataView(ml, 2_000);
IDataView others = new CopyTask(1, 6, bits: 4, seed: 2).ToDataView(ml, 300);
TrialResult copy = await ml.Auto().CreateExperiment()
    .AddSearchSpace("ntm", new SearchSpace<NtmTrainer.Options>())
    .SetTrialRunner(new StepRunner(ml, copies, others, settings.Sequences))
    .SetCostFrugalTuner()
    .SetTrainingTimeInSeconds(settings.Seconds)
    .RunAsync();
ml.Model.Save(copy.Model, copies.Schema, copyPath);
Console.WriteLine($"Copy: {ml.Sequence.Evaluate(ml.Model.Load(copyPath, out _).Transform(others)).WrongBitsPerSequence:F2} wrong bits");
return 0;
