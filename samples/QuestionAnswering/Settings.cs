using System.ComponentModel;

/// <summary>What the sample itself can be told; every option of the trainers is a flag, too (see Arguments).</summary>
internal sealed class Settings
{
    [Description("The folder with qa1_..._train.txt and so on; null: shared/data/babi-en-10k beside the repository.")]
    public string? Data { get; set; }

    [Description("Tasks to learn together: 1, 1,4,6 or all.")]
    public string Tasks { get; set; } = "1";

    [Description("Longer training stories are left out; the paper's 800.")]
    public int MaxTokens { get; set; } = 800;

    [Description("Words that take each other's places when a story is told again, group after group: bAbI drew them at random, "
        + "too. none: stories are told as they are. Rooms have a use of their own in task 20, so there only people should be "
        + "exchanged.")]
    public string Exchange { get; set; } = "daniel john mary sandra, bathroom bedroom garden hallway kitchen office";

    [Description("Training stories end after one of their first so many questions; test stories are whole.")]
    public int Questions { get; set; } = 3;

    [Description("Training time of each network.")]
    public double Minutes { get; set; } = 15;

    [Description("Whether an LSTM learns from the same stories for the same time.")]
    public bool Baseline { get; set; }

    [Description("Share of the training stories that are held out, whole and as they are, to choose the best weights by.")]
    public double HeldOut { get; set; } = 0.05;

    [Description("Held-out loss, in nats per answer word, at which training ends before its time.")]
    public double Enough { get; set; } = 0.02;

    [Description("A DNC saved before, to go on with.")]
    public string? From { get; set; }

    [Description("Stories to print per task.")]
    public int Shown { get; set; } = 1;

    [Description("Where models are saved.")]
    public string Out { get; set; } = Path.Combine(Path.GetTempPath(), $"dnc-stories-{Environment.ProcessId}");

    public IEnumerable<int>? ChosenTasks => Tasks == "all" ? null : Tasks.Split(',').Select(int.Parse);

    public IEnumerable<string[]> ExchangeGroups => Exchange == "none" ? [] : Exchange.Split(',')
        .Select(group => group.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
