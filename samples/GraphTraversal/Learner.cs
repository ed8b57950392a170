using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.NTM;
using Spectre.Console;

/// <summary>
/// One network on its way through the lessons: trains a round, takes an exam, goes on from its own weights until time is up.
/// </summary>
internal sealed class Learner(MLContext ml, string name, SequenceTrainerOptions options,
    Func<IDataView, SequenceModelParameters?, SequenceTransformer> fit)
{
    public string Name => name;

    public GraphCurriculum? Curriculum { get; private set; }

    /// <summary>The model as another program would get it: trained, saved and loaded again.</summary>
    public SequenceTransformer Learn(Settings settings, SequenceTransformer? start)
    {
        var curriculum = Curriculum = new GraphCurriculum((lesson, earlier, seed) => new TraversalTask(lesson, earlier, seed),
            settings.Lesson, settings.Earlier, settings.PassMark, options.Seed ?? 0);
        AnsiConsole.MarkupLine($"[bold]{name}[/]");
        SequenceTransformer? model = Terminal.Live(show =>
        {
            options.Progress = new TrainingTable(show, "lesson, last exam", _ => $"{curriculum.Lesson}, "
                + (curriculum.Exams.Count == 0 ? "none yet"
                    : $"{curriculum.Exams[^1].TripleAccuracy:P1} of lesson {curriculum.Exams[^1].Lesson}"));
            SequenceTransformer? model = start;
            var clock = Stopwatch.StartNew();
            for (TimeSpan left; !curriculum.Completed && (left = TimeSpan.FromMinutes(settings.Minutes) - clock.Elapsed) > TimeSpan.Zero;)
            {
                options.TimeBudget = left;
                SequenceTransformer next = fit(curriculum.ToDataView(ml), model?.Model);
                model?.Dispose();
                model = next;
                curriculum.Report(Examine(model, curriculum.Exam(ml, settings.ExamSize)),
                    model.Model.History!.Reports.LastOrDefault()?.Sequences ?? 0);
            }
            return model;
        });

        string file = Path.Combine(Directory.CreateDirectory(settings.Out).FullName, $"{name}.zip");
        ml.Model.Save(model ?? throw new ArgumentException("There must be some --minutes to train."), curriculum.ToDataView(ml, 1).Schema,
            file);
        AnsiConsole.WriteLine($"{name}: {curriculum.Exams.Count(exam => exam.Passed)} lessons passed with {curriculum.Sequences:N0} sequences; saved to {file}.");
        return (SequenceTransformer)ml.Model.Load(file, out _);
    }

    public static GraphMetrics Examine(SequenceTransformer model, IDataView questions) => GraphMetrics.Evaluate(model.Transform(questions));
}
