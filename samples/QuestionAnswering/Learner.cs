using Microsoft.ML;
using Microsoft.ML.NTM;
using Spectre.Console;

/// <summary>One network that learns from the stories for a given time.</summary>
internal sealed class Learner(MLContext ml, BabiData data, Settings settings)
{
    /// <summary>The model as another program would get it: trained, saved and loaded again.</summary>
    public SequenceTransformer Learn(string name, SequenceTrainerOptions options, Func<IDataView, IDataView, SequenceTransformer> fit)
    {
        BabiStory[] stories = [.. BabiData.Shuffle(data.Train, options.Seed ?? 0)];
        int heldOut = Math.Max(1, (int)(settings.HeldOut * stories.Length));
        double questions = stories.Take(heldOut).Average(story => story.Label.Count(key => key != 0));
        using var enough = new CancellationTokenSource();
        options.TimeBudget = TimeSpan.FromMinutes(settings.Minutes);
        options.StoppingToken = enough.Token;
        AnsiConsole.MarkupLine($"[bold]{name}[/]");
        using SequenceTransformer model = Terminal.Live(show =>
        {
            options.Progress = new TrainingTable(show, "held out: nats/answer", progress =>
            {
                double? loss = progress.ValidationLoss / questions;
                if (loss < settings.Enough)
                    enough.Cancel();
                return loss is null ? "none yet" : $"{loss:F4}";
            });
            IEnumerable<BabiStory> told =
                data.Retell(AsOften(stories.Skip(heldOut)), settings.ExchangeGroups, settings.Questions, options.Seed ?? 0);
            return fit(data.ToDataView(ml, told), data.ToDataView(ml, stories.Take(heldOut).ToList()));
        });

        string file = Path.Combine(Directory.CreateDirectory(settings.Out).FullName, $"{name}.zip");
        ml.Model.Save(model, data.ToDataView(ml, data.Test).Schema, file);
        TrainingHistory history = model.Model.History!;
        string effort = $"{history.Elapsed.TotalSeconds:F0} s and {history.Iterations:N0} iterations ({history.StopReason})";
        AnsiConsole.MarkupLineInterpolated(
            $"{name}: stopped after {effort}, weights of iteration {history.KeptIteration:N0} saved to {file}.");
        return (SequenceTransformer)ml.Model.Load(file, out _);
    }

    // Stories of each task equally often: tasks that ask five questions a story have a fifth of the stories.
    private static IEnumerable<BabiStory> AsOften(IEnumerable<BabiStory> stories)
    {
        BabiStory[][] tasks = [.. stories.GroupBy(story => story.Task).Select(task => task.ToArray())];
        int most = tasks.Max(task => task.Length);
        return tasks.SelectMany(task => Enumerable.Range(0, most).Select(i => task[i % task.Length]));
    }
}
