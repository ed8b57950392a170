using System.ComponentModel;
using Microsoft.ML.NTM;

/// <summary>What the sample itself can be told; every option of the trainers is a flag, too (see Arguments).</summary>
internal sealed class Settings
{
    [Description("Which task: traversal, shortest-path or inference.")]
    public string Task { get; set; } = "traversal";

    [Description("Training time of each network, exams included.")]
    public double Minutes { get; set; } = 15;

    [Description("Whether an LSTM takes the same lessons for the same time.")]
    public bool Baseline { get; set; }

    [Description("Lesson to begin with.")]
    public int Lesson { get; set; } = 1;

    [Description("Share of training sequences from earlier lessons.")]
    public double Earlier { get; set; } = 0.1;

    [Description("Share right that opens the next lesson.")]
    public double PassMark { get; set; } = GraphLessons.PassMark;

    [Description("Sequences of each exam.")]
    public int ExamSize { get; set; } = 200;

    [Description("Sequences of the final test of each lesson.")]
    public int TestSize { get; set; } = 1000;

    [Description("A DNC saved before, to go on with.")]
    public string? From { get; set; }

    [Description("The folder of the London Underground's files; null: shared/data/london-underground beside the repository.")]
    public string? Data { get; set; }

    [Description("Station around which journeys are.")]
    public string Station { get; set; } = "Oxford Circus";

    [Description("Stations that journeys are over; without a number, as many as the last lesson's graphs have nodes.")]
    public int? Stations { get; set; }

    [Description("Journeys asked.")]
    public int Journeys { get; set; } = 200;

    [Description("Journeys shown.")]
    public int Shown { get; set; } = 5;

    [Description("Where models are saved after every round; what was begun there goes on. By default a folder of this run alone.")]
    public string Out { get; set; } = Path.Combine(Path.GetTempPath(), $"dnc-graphs-{Environment.ProcessId}");
}
