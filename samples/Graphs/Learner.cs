using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.NTM;
using Spectre.Console;

/// <summary>One network on its way through the lessons: trains a round, takes an exam, goes on until time is up.</summary>
internal sealed class Learner(
    MLContext ml, string name, SequenceTrainerOptions options,
    Func<IDataView, SequenceModelParameters?, GraphLesson, SequenceTransformer> fit)
{
    public string Name => name;

    public GraphCurriculum? Curriculum { get; private set; }

    /// <summary>
    /// The model as another program would get it: trained, saved and loaded again. It is saved after every round, with the lesson it is
    /// at, and goes on there when asked again.
    /// </summary>
    public SequenceTransformer Learn(GraphKind kind, Settings settings, SequenceTransformer? start)
    {
        string file = Path.Combine(Directory.CreateDirectory(settings.Out).FullName, $"{kind.Name}-{name}.zip");
        string place = Path.ChangeExtension(file, ".lesson");
        (int lesson, int runs, long before) = (settings.Lesson, 0, 0L);
        if (start is null && File.Exists(file) && File.Exists(place))
        {
            string[] words = File.ReadAllText(place).Split(' ');
            (lesson, runs) = (int.Parse(words[0], CultureInfo.InvariantCulture), int.Parse(words[1], CultureInfo.InvariantCulture));
            before = long.Parse(words[2], CultureInfo.InvariantCulture);
            start = (SequenceTransformer)ml.Model.Load(file, out _);
            AnsiConsole.WriteLine($"{name} goes on at lesson {lesson}, after {before:N0} sequences: {file}.");
        }

        // Every run has sequences of its own.
        int seed = (options.Seed ?? 0) + 1_000 * runs;
        var curriculum = Curriculum = new GraphCurriculum(kind.Make, lesson, settings.Earlier, settings.PassMark, seed);
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
                SequenceTransformer next = fit(curriculum.ToDataView(ml), model?.Model, kind.Lessons[curriculum.Lesson - 1]);
                model?.Dispose();
                model = next;
                GraphMetrics exam = GraphMetrics.Evaluate(model.Transform(curriculum.Exam(ml, settings.ExamSize)));
                curriculum.Report(exam, model.Model.History!.Reports.LastOrDefault()?.Sequences ?? 0);
                ml.Model.Save(model, curriculum.ToDataView(ml, 1).Schema, file);
                File.WriteAllText(place, string.Create(CultureInfo.InvariantCulture,
                    $"{curriculum.Lesson} {runs + 1} {before + curriculum.Sequences}"));
            }
            return model;
        });

        model = model ?? throw new ArgumentException("There must be some --minutes to train.");
        int passed = curriculum.Exams.Count(exam => exam.Passed);
        AnsiConsole.WriteLine($"{name}: {passed} lessons passed, {before + curriculum.Sequences:N0} sequences; saved to {file}.");
        return (SequenceTransformer)ml.Model.Load(file, out _);
    }
}
