using Microsoft.ML.NTM;

/// <summary>What the sample itself can be told; every option of the trainers is a flag, too (see Flags).</summary>
internal sealed class Settings
{
    /// <summary>Training time of each network, exams included.</summary>
    public double Minutes { get; set; } = 15;

    /// <summary>Whether an LSTM takes the same lessons for the same time.</summary>
    public bool Baseline { get; set; }

    /// <summary>Lesson to begin with.</summary>
    public int Lesson { get; set; } = 1;

    /// <summary>Share of training sequences from earlier lessons.</summary>
    public double Earlier { get; set; } = 0.1;

    /// <summary>Share of triples right that opens the next lesson.</summary>
    public double PassMark { get; set; } = GraphLessons.PassMark;

    /// <summary>Sequences of each exam, and of the final test of each lesson.</summary>
    public int ExamSize { get; set; } = 200;
    public int TestSize { get; set; } = 1000;

    /// <summary>A DNC saved before, to go on with.</summary>
    public string? From { get; set; }

    /// <summary>The folder of the London Underground's files; null: shared/data/london-underground beside the repository.</summary>
    public string? Data { get; set; }

    /// <summary>Journeys: around which station, over how many (null: as many as the last lesson's graphs have), how many asked and shown.</summary>
    public string Station { get; set; } = "Oxford Circus";
    public int? Stations { get; set; }
    public int Journeys { get; set; } = 200;
    public int Shown { get; set; } = 5;

    /// <summary>Where models are saved.</summary>
    public string Out { get; set; } = Path.Combine(Path.GetTempPath(), "dnc-graphs");
}
