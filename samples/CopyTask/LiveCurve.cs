using Microsoft.ML.NTM;
using Spectre.Console;
using Spectre.Console.Rendering;

/// <summary>The learning curve as it grows: a bar per report, on a logarithmic scale from 100 bits down to 0.01.</summary>
internal sealed class LiveCurve(Action<IRenderable, string> show) : IProgress<TrainingProgress>
{
    private const int Shown = 14, BarWidth = 26;
    private readonly List<TrainingProgress> _reports = [];

    public void Report(TrainingProgress value)
    {
        _reports.Add(value);
        show(Draw(), $"{value.Sequences:N0} sequences, {value.Elapsed.TotalSeconds:F1} s: {value.Loss / Math.Log(2):G3} bits/sequence, "
            + $"{value.SequencesPerSecond:N0} sequences/s");
    }

    private IRenderable Draw()
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn("sequences").RightAligned()).AddColumn(new TableColumn("seconds").RightAligned())
            .AddColumn(new TableColumn("bits/sequence").RightAligned()).AddColumn("100 .. 0.01 (logarithmic)")
                .AddColumn(new TableColumn("sequences/s").RightAligned());
        int every = (_reports.Count + Shown - 1) / Shown;
        for (int i = every - 1; i < _reports.Count; i += every)
        {
            TrainingProgress report = _reports[i];
            double bits = report.Loss / Math.Log(2);
            int bar = (int)Math.Clamp((Math.Log10(bits) + 2) / 4 * BarWidth, 0, BarWidth);
            table.AddRow($"{report.Sequences:N0}", $"{report.Elapsed.TotalSeconds:F1}", $"{bits:G3}", $"[green]{new string('█', bar)}[/]",
                $"{report.SequencesPerSecond:N0}");
        }
        return table;
    }
}
