// The five tasks of the Neural Turing Machine paper (arXiv:1410.5401, section 4), one command each:
//
//   dotnet run -c Release --project samples/PaperTasks -- recall --model ntm --seeds 5 --budget 5 --out results
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
SequenceTrainerOptions options = Networks.Options(settings.Model, task);
if (Arguments.Read(args, "The five tasks of the Neural Turing Machine paper.", ("sample", settings), (settings.Model, options)) is int code)
    return code;
string folder = Directory.CreateDirectory(settings.Out ?? Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())).FullName;
string name = $"{task.Name}-{settings.Model}";
int firstSeed = options.Seed ?? 1;
options.TimeBudget ??= TimeSpan.FromMinutes(settings.Budget);

// Train, save and ask each seed's network, on sequences that no training saw.
var results = new List<SeedResult>();
for (int seed = firstSeed; seed < firstSeed + settings.Seeds; seed++)
{
    double minutes = options.TimeBudget.Value.TotalMinutes;
    AnsiConsole.MarkupLineInterpolated($"[bold]{task.Name}[/], {settings.Model}, seed {seed}: at most {minutes:0.#} minutes");
    var ml = new MLContext(seed);
    options.Seed = seed;
    options.Progress = new ConsoleProgress { TimeBudget = options.TimeBudget };
    SequenceTransformer model = Networks.Fit(ml, options, task.Train(seed).ToDataView(ml, 1_000_000_000));
    ml.Model.Save(model, task.Train(seed).ToDataView(ml, 1).Schema, Path.Combine(folder, $"{name}-{seed}.zip"));
    results.Add(SeedResult.Of(ml, task, model, seed, settings.Tests));
    AnsiConsole.MarkupLineInterpolated($"  {results[^1]}");
    if (seed == firstSeed)
        Look(ml, model, task.Lengths.Length == 0 ? task.Train(seed + 1) : task.At(task.LongestTrained, seed + 1));
}

// Pictures, and the table.
Figures.LearningCurves([new LearningCurve(settings.Model, [.. results.Select(result => result.History)])], title: task.Name)
    .SavePng(Path.Combine(folder, $"{name}-learning.png"));
if (task.Lengths.Length > 0)
{
    var lengths = new LengthCurve(settings.Model, [.. results.Select(result => result.WrongBitsByLength)]);
    Figures.Generalization([lengths], task.LongestTrained, task.Measure, title: task.Name)
        .SavePng(Path.Combine(folder, $"{name}-lengths.png"));
}
File.WriteAllText(Path.Combine(folder, $"{name}.md"), Report.Markdown(task, settings, results));
AnsiConsole.Write(Report.Table(task, results));
AnsiConsole.WriteLine($"Models, pictures and the table are in {folder}.");
return task.CanBePerfect && results.Any(result => result.WrongBits >= 0.1) ? 1 : 0;

void Look(MLContext ml, SequenceTransformer model, SequenceTask shown)
{
    SequenceTrace trace = ml.Sequence.Trace(model, shown.ToDataView(ml, 1)).Single();
    trace.SaveHtml(Path.Combine(folder, $"{name}-trace.html"));
    Figures.Trace(trace).SavePng(Path.Combine(folder, $"{name}-trace.png"));
}

// The network has to be known before its options can be set.
string? After(string flag) => Array.IndexOf(args, flag) is int at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
