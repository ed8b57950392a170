// The five tasks of the Neural Turing Machine paper (arXiv:1410.5401, section 4), one command each:
//
//   dotnet run -c Release --project samples/PaperTasks -- recall --model ntm,lstm --seeds 5 --budget 5 --out results
using Microsoft.ML;
using Microsoft.ML.NTM;
using Microsoft.ML.NTM.Plotting;
using Spectre.Console;

Terminal.Prepare();
if (args.Length > 0 && !args[0].StartsWith('-'))
    args = ["--task", .. args];
var settings = new Settings
{
    Task = After("--task") ?? "copy",
    Model = After("--model") ?? "ntm",
};
PaperTask task = PaperTask.Of(settings.Task);
(string Name, SequenceTrainerOptions Options)[] networks = [.. settings.Models.Select(name => (name, Networks.Options(name, task)))];
if (Arguments.Read(args, "The five tasks of the Neural Turing Machine paper.",
    [("sample", settings), .. networks.Select(network => (network.Name, (object)network.Options))]) is int code)
    return code;
string folder = Directory.CreateDirectory(settings.Out ?? Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())).FullName;
foreach ((_, SequenceTrainerOptions options) in networks)
    Networks.Complete(options, settings, reportsGiven: After("--report-interval") is not null);

// Train, save and ask each seed's network, on sequences that no training saw.
var results = new List<SeedResult>();
foreach ((string name, SequenceTrainerOptions options) in networks)
{
    int firstSeed = options.Seed ?? 1;
    for (int seed = firstSeed; seed < firstSeed + settings.Seeds; seed++)
    {
        if (settings.TrainedOnly && !File.Exists(FileOf(name, seed)))
            continue;
        SequenceTransformer model = Learned(name, options, seed);
        results.Add(SeedResult.Of(new MLContext(seed), task, name, model, seed, settings.Tests));
        AnsiConsole.MarkupLineInterpolated($"  {results[^1]}");
        if (results.Count(result => result.Model == name) == 1)
            Look(name, model, task.Lengths.Length == 0 ? task.Train(seed + 1) : task.At(task.LongestTrained, seed + 1));
    }
}

if (results.Count == 0)
    throw new ArgumentException($"There is no trained network of {task.Name} in {folder}.");

// Pictures, and the table.
string all = $"{task.Name}-{string.Join('-', settings.Models)}";
var byModel = results.GroupBy(result => result.Model);
Save(Figures.LearningCurves(
    [.. byModel.Select(model => new LearningCurve(model.Key, [.. model.Select(result => result.History)]))], title: task.Name), "learning");
if (task.Lengths.Length > 0)
{
    Save(Figures.Generalization(
        [.. byModel.Select(model => new LengthCurve(model.Key, [.. model.Select(result => result.WrongBitsByLength)]))],
        task.LongestTrained, task.Measure, title: task.Name), "lengths");
}
File.WriteAllText(Path.Combine(folder, $"{all}.md"), Report.Markdown(task, settings, results));
AnsiConsole.Write(Report.Table(task, results));
AnsiConsole.WriteLine($"Models, pictures and the table are in {folder}.");
return task.CanBePerfect && results.Any(result => !result.Solved) ? 1 : 0;

string FileOf(string name, int seed) => Path.Combine(folder, $"{task.Name}-{name}-{seed}.zip");

SequenceTransformer Learned(string name, SequenceTrainerOptions options, int seed)
{
    var ml = new MLContext(seed);
    string file = FileOf(name, seed);
    if (File.Exists(file))
    {
        AnsiConsole.MarkupLineInterpolated($"[bold]{task.Name}[/], {name}, seed {seed}: trained before, {file}");
        return (SequenceTransformer)ml.Model.Load(file, out _);
    }
    AnsiConsole.MarkupLineInterpolated(
        $"[bold]{task.Name}[/], {name}, seed {seed}: at most {options.TimeBudget!.Value.TotalMinutes:0.#} minutes");
    string unfinished = Path.ChangeExtension(file, null) + "-unfinished";
    (options.CheckpointFolder, options.Seed) = (unfinished, seed);
    options.Progress = new ConsoleProgress { TimeBudget = options.TimeBudget };
    SequenceTransformer model = Networks.Fit(ml, options, task.Train(seed).ToDataView(ml, 1_000_000_000));
    ml.Model.Save(model, task.Train(seed).ToDataView(ml, 1).Schema, file);
    Directory.Delete(unfinished, recursive: true);
    return model;
}

void Look(string name, SequenceTransformer model, SequenceTask shown)
{
    var ml = new MLContext();
    SequenceTrace trace = ml.Sequence.Trace(model, shown.ToDataView(ml, 1)).Single();
    trace.SaveHtml(Path.Combine(folder, $"{task.Name}-{name}-trace.html"));
    Figures.Trace(trace).SavePng(Path.Combine(folder, $"{task.Name}-{name}-trace.png"));
}

void Save(Figure figure, string what)
{
    figure.SavePng(Path.Combine(folder, $"{all}-{what}.png"));
    figure.SaveSvg(Path.Combine(folder, $"{all}-{what}.svg"));
}

// The networks have to be known before their options can be set.
string? After(string flag) => Array.IndexOf(args, flag) is int at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
