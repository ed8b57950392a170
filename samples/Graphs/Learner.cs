using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.NTM;
using Spectre.Console;

/// <summary>One network on its way through the lessons: trains a round, takes an exam, goes on until time is up.</summary>
internal sealed class Learner(
    MLContext ml, string name, SequenceTrainerOptions options, Func<IDataView, SequenceModelParameters?, SequenceTransformer> fit)
{
    public string Name => name;

    public GraphCurriculum? Curriculum { get; private set; }

    /// <summary>The model as another program would get it: trained, saved and loaded again.</summary>
    public SequenceTransformer Learn(GraphKind kind, Settings settings, SequenceTransformer? start)
    {
        var curriculum = Curriculum = new GraphCurriculum(kind.Make,
            settings.Lesson, settings.Earlier, settings.PassMark, options.Seed ?? 0);
        AnsiConsole.MarkupLine($"[bold]{name}[/]");
        SequenceTransformer? model = Terminal.Live(show =>
        {
            string Last() => curriculum.Exams.Count == 0 ? "none yet"
                : $"{curriculum.Exams[^1].TripleAccuracy:P1} of lesson {curriculum.Exams[^1].Lesson}";
            options.Progress = new TrainingTable(show, "lesson, last exam", _ => $"{curriculum.Lesson}, {Last()}");
            SequenceTransformer? model = start;
            var clock = Stopwatch.StartNew();

            // Rows are made when they are read: none need be held back.
            options.ValidationSetFraction = 0;
            for (TimeSpan left; !curriculum.Completed && (left = TimeSpan.FromMinutes(settings.Minutes) - clock.Elapsed) > TimeSpan.Zero;)
            {
                options.TimeBudget = left;
                SequenceTransformer next = fit(curriculum.ToDataView(ml), model?.Model);
                model?.Dispose();
                model = next;
                GraphMetrics exam = GraphMetrics.Evaluate(model.Transform(curriculum.Exam(ml, settings.ExamSize)));
                curriculum.Report(exam, model.Model.History!.Reports.LastOrDefault()?.Sequences ?? 0);
            }
            return model;
        });

        string file = Path.Combine(Directory.CreateDirectory(settings.Out).FullName, $"{name}.zip");
        model = model ?? throw new ArgumentException("There must be some --minutes to train.");
        ml.Model.Save(model, curriculum.ToDataView(ml, 1).Schema, file);
        int passed = curriculum.Exams.Count(exam => exam.Passed);
        AnsiConsole.WriteLine($"{name}: {passed} lessons passed with {curriculum.Sequences:N0} sequences; saved to {file}.");
        return (SequenceTransformer)ml.Model.Load(file, out _);
    }
}
