using System.Globalization;
using System.Text;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM;

/// <summary>
/// Shows a sweep as a table that is drawn again as it goes; as plain lines, one per event, where the output is not a terminal.
/// </summary>
/// <example><c>new SweepOptions { Progress = new SweepConsole() }</c></example>
public sealed class SweepConsole : IProgress<SweepProgress>
{
    private const int BestShown = 8;
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(250);

    private readonly TextWriter _writer;
    private readonly bool _redraws;
    private readonly TimeProvider _time;
    private readonly int _width;
    private readonly Dictionary<int, SweepTrialStatus> _told = [];
    private long _drawnAt;
    private int _drawnLines;

    /// <summary>On the console.</summary>
    public SweepConsole()
        : this(Console.Out, !Console.IsOutputRedirected, TimeProvider.System, Console.IsOutputRedirected ? 160
            : Math.Max(60, Console.WindowWidth - 1))
    {
    }

    internal SweepConsole(TextWriter writer, bool redraws, TimeProvider time, int width) =>
        (_writer, _redraws, _time, _width) = (writer, redraws, time, width);

    /// <inheritdoc/>
    public void Report(SweepProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!_redraws)
            WriteLines(value);
        else if (value.IsOver || _drawnLines == 0 || _time.GetElapsedTime(_drawnAt) >= s_between)
            Draw(value);
    }

    private void WriteLines(SweepProgress progress)
    {
        foreach (SweepTrial trial in progress.Trials)
        {
            if (_told.TryGetValue(trial.Number, out SweepTrialStatus before) && before == trial.Status)
                continue;
            _told[trial.Number] = trial.Status;
            if (trial.Status != SweepTrialStatus.Waiting)
                _writer.WriteLine($"{SweepText.Time(progress.Elapsed)} {SweepText.Line(trial, progress.MetricName)}");
        }
        if (progress.IsOver)
            _writer.WriteLine($"{SweepText.Time(progress.Elapsed)} {Summary(progress)}");
    }

    // Goes up over what was drawn before and clears each line to its end.
    private void Draw(SweepProgress progress)
    {
        List<string> lines = [Summary(progress), .. Table(progress)];
        var text = new StringBuilder();
        if (_drawnLines > 0)
            text.Append(CultureInfo.InvariantCulture, $"\u001b[{_drawnLines}F");
        foreach (string line in lines)
            text.Append(line.Length <= _width ? line : line[.._width]).Append("\u001b[K\n");
        for (int i = lines.Count; i < _drawnLines; i++)
            text.Append("\u001b[K\n");
        _writer.Write(text);
        _writer.Flush();
        _drawnLines = Math.Max(lines.Count, _drawnLines);
        _drawnAt = _time.GetTimestamp();
    }

    private static string Summary(SweepProgress progress)
    {
        int Count(params SweepTrialStatus[] any) => progress.Trials.Count(trial => any.Contains(trial.Status));
        int searched = progress.Trials.Count(one => one.RepeatOf is null), completed = Count(SweepTrialStatus.Completed);
        int pruned = Count(SweepTrialStatus.Pruned), failed = Count(SweepTrialStatus.Failed);
        int underWay = Count(SweepTrialStatus.Running, SweepTrialStatus.Waiting);
        string best = progress.Best is not { } trial ? "No result yet"
            : FormattableString.Invariant($"Best: trial {trial.Number}, {progress.MetricName} {SweepText.Number(trial.Metric)}");
        return FormattableString.Invariant($"{SweepText.Time(progress.Elapsed)}  {searched} of {progress.NumberOfTrials} trials: ")
            + FormattableString.Invariant($"{completed} completed, {pruned} stopped early, {failed} failed, {underWay} under way. {best}");
    }

    // The best, then those under way.
    private static IEnumerable<string> Table(SweepProgress progress)
    {
        string[] names = [.. progress.Space.Parameters.Select(parameter => parameter.Name)];
        SweepTrial[] done = [.. progress.Trials.Where(trial => trial.Status == SweepTrialStatus.Completed && trial.Metric is not null)];
        double way = progress.HigherIsBetter ? -1 : 1;
        SweepTrial[] shown = [.. done.OrderBy(trial => way * trial.Metric).Take(BestShown),
            .. progress.Trials.Where(trial => trial.Status == SweepTrialStatus.Running)];
        string[][] rows =
        [
            ["trial", progress.MetricName, "loss", "trained", "cost", .. names],
            .. shown.Select(trial => (string[])
            [
                trial.Number.ToString(CultureInfo.InvariantCulture),
                trial.Status == SweepTrialStatus.Running ? "..." : SweepText.Number(trial.Metric),
                trial.Curve.Count > 0 ? SweepText.Number(trial.Curve.Min(point => point.Loss)) : "-",
                (trial.Curve.Count > 0 ? trial.Curve[^1].Share : 0).ToString("P0", CultureInfo.InvariantCulture),
                trial.RelativeCost.ToString("F1", CultureInfo.InvariantCulture),
                .. names.Select(name => SweepText.Value(trial.Values.GetValueOrDefault(name))),
            ]),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
            yield return string.Join("  ", row.Select((cell, column) => cell.PadLeft(widths[column])));
    }
}
