using System.Diagnostics;
using Microsoft.ML.NTM;
using Spectre.Console;
using Spectre.Console.Rendering;

/// <summary>A training as it goes, over any number of rounds: a line per report, the latest last.</summary>
internal sealed class TrainingTable(Action<IRenderable, string> show, string noteTitle, Func<TrainingProgress, string> note)
    : IProgress<TrainingProgress>
{
    private const int Shown = 12;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<(double Seconds, long Sequences, double Loss, double Speed, string Note)> _lines = [];
    private long _earlierRounds, _lastOfRound;

    public void Report(TrainingProgress value)
    {
        if (value.Sequences < _lastOfRound)
            _earlierRounds += _lastOfRound;
        _lastOfRound = value.Sequences;
        _lines.Add((_clock.Elapsed.TotalSeconds, _earlierRounds + value.Sequences, value.Loss, value.SequencesPerSecond, note(value)));

        var table = new Table().Border(TableBorder.Simple);
        foreach (string title in new[] { "seconds", "sequences", "nats/sequence", "sequences/s", noteTitle })
            table.AddColumn(new TableColumn(title).RightAligned());
        int every = (_lines.Count + Shown - 1) / Shown;
        foreach (var line in _lines.Where((_, i) => i % every == 0 || i == _lines.Count - 1))
            table.AddRow($"{line.Seconds:F0}", $"{line.Sequences:N0}", $"{line.Loss:F3}", $"{line.Speed:N0}", line.Note);
        var last = _lines[^1];
        show(table, $"{last.Seconds:F0} s, {last.Sequences:N0} sequences: {last.Loss:F3} nats/sequence, {last.Speed:N0} sequences/s; "
            + $"{noteTitle}: {last.Note}");
    }
}
