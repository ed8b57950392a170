using System.ComponentModel;

/// <summary>What the command line says beside the trainer's options.</summary>
internal sealed class Settings
{
    [Description("Which task: copy, repeat-copy, recall, ngrams or sort. It may also stand alone, as the first word.")]
    public string Task { get; set; } = "copy";

    [Description("Which network: ntm, ntm-ff (feed-forward controller), dnc or lstm; several with commas between them.")]
    public string Model { get; set; } = "ntm";

    [Description("How many trainings, with seeds from 1 on (or from --seed).")]
    public int Seeds { get; set; } = 1;

    [Description("Minutes that each training may take.")]
    public double Budget { get; set; } = 5;

    [Description("Sequences that each training may see, instead of so many iterations; null: no bound.")]
    public int? Sequences { get; set; }

    [Description("Fresh sequences that each result is measured on.")]
    public int Tests { get; set; } = 500;

    [Description("Where models, pictures and the table go; what has been trained there is not trained again, and what was interrupted "
        + "goes on. null: a new folder among the temporary ones.")]
    public string? Out { get; set; }

    [Description("Whether to train nothing, and only to ask and draw what is in the folder already.")]
    public bool TrainedOnly { get; set; }

    /// <summary>The networks asked for.</summary>
    public string[] Models => Model.Split(',');
}
