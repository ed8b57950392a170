/// <summary>What the sample itself can be told; every option of the trainers is a flag, too (see Flags).</summary>
internal sealed class Settings
{
    /// <summary>The folder with qa1_..._train.txt and so on; null: shared/data/babi-en-10k beside the repository.</summary>
    public string? Data { get; set; }

    /// <summary>Tasks to learn together: <c>1</c>, <c>1,4,6</c> or <c>all</c>.</summary>
    public string Tasks { get; set; } = "1";

    /// <summary>Longer training stories are left out; the paper's 800.</summary>
    public int MaxTokens { get; set; } = 800;

    /// <summary>
    /// Words that take each other's places when a story is told again, group after group: bAbI drew them at random, too. <c>none</c>: stories
    /// are told as they are. Rooms have a use of their own in task 20, so there only people should be exchanged.
    /// </summary>
    public string Exchange { get; set; } = "daniel john mary sandra, bathroom bedroom garden hallway kitchen office";

    /// <summary>Training stories end after one of their first so many questions; test stories are whole.</summary>
    public int Questions { get; set; } = 3;

    /// <summary>Training time of each network.</summary>
    public double Minutes { get; set; } = 15;

    /// <summary>Whether an LSTM learns from the same stories for the same time.</summary>
    public bool Baseline { get; set; }

    /// <summary>Share of the training stories that are held out, whole and as they are, to choose the best weights by.</summary>
    public double HeldOut { get; set; } = 0.05;

    /// <summary>Held-out loss, in nats per answer word, at which training ends before its time.</summary>
    public double Enough { get; set; } = 0.02;

    /// <summary>A DNC saved before, to go on with.</summary>
    public string? From { get; set; }

    /// <summary>Stories to print per task.</summary>
    public int Shown { get; set; } = 1;

    /// <summary>Where models are saved.</summary>
    public string Out { get; set; } = Path.Combine(Path.GetTempPath(), "dnc-stories");

    public IEnumerable<int>? ChosenTasks => Tasks == "all" ? null : Tasks.Split(',').Select(int.Parse);

    public IEnumerable<string[]> ExchangeGroups => Exchange == "none" ? [] : Exchange.Split(',').Select(group => group.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
