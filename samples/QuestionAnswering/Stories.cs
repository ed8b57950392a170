using Microsoft.ML;
using Spectre.Console;

/// <summary>Test stories as people read them, each question with the expected answer and the given one.</summary>
internal static class Stories
{
    public static void Print(MLContext ml, IDataView answered, int perTask)
    {
        IDataView words = ml.Transforms.Conversion.MapKeyToValue(nameof(Story.Tokens), "Features")
            .Append(ml.Transforms.Conversion.MapKeyToValue(nameof(Story.Expected), "Label"))
            .Append(ml.Transforms.Conversion.MapKeyToValue(nameof(Story.Given), "PredictedLabel"))
            .Fit(answered).Transform(answered);
        foreach (Story story in ml.Data.CreateEnumerable<Story>(words, reuseRowObject: false).GroupBy(story => story.Task)
            .SelectMany(task => task.Take(perTask)))
        {
            AnsiConsole.MarkupLine($"[bold]Task {story.Task}[/]");
            var line = new List<string>();
            for (int t = 0; t < story.Tokens.Length; t++)
            {
                bool answers = story.Expected[t].Length > 0;
                line.Add(answers ? Answer(story.Expected[t], story.Given[t]) : Markup.Escape(story.Tokens[t]));
                // A sentence ends with its period, a question with its last answer word.
                if (story.Tokens[t] == "." || answers && (t + 1 == story.Tokens.Length || story.Expected[t + 1].Length == 0))
                {
                    AnsiConsole.MarkupLine($"    {string.Join(' ', line)}");
                    line.Clear();
                }
            }
        }
    }

    private static string Answer(string expected, string given) =>
        $"expected [bold]{Markup.Escape(expected)}[/], given [{(expected == given ? "green" : "red")}]{Markup.Escape(given)}[/]";

    private sealed class Story
    {
        public int Task { get; set; }
        public string[] Tokens { get; set; } = [];
        public string[] Expected { get; set; } = [];
        public string[] Given { get; set; } = [];
    }
}
