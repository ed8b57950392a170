using System.Globalization;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM;

/// <summary>
/// A training's progress for people: in a terminal one line that is written anew with each report, elsewhere (a file, a log of a build)
/// plain lines, first every five seconds and then less and less often, down to one in ten minutes. Each has the share done, losses, speed
/// and the time left.
/// </summary>
/// <example>
/// <code>
/// ml.Sequence.Trainers.Ntm(new NtmTrainer.Options { Progress = new ConsoleProgress() }).Fit(train);
///
/// //  42% ████████░░░░░░░░░░░░ 2,100/5,000  loss 0.0312  validation 0.041  1,204 sequences/s  0:12  0:17 left
/// </code>
/// </example>
public sealed class ConsoleProgress : IProgress<TrainingProgress>
{
    private const int BarWidth = 20;
    private const string UpAndClear = "\e[1A\e[2K";
    private static readonly TimeSpan s_redraw = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter _writer;
    private readonly TimeProvider _time;
    private readonly Func<int>? _terminalWidth;
    private readonly ReportPace _pace;
    private RemainingTime _remaining = new(null);
    private long _drawn;
    private TrainingProgress? _last;

    /// <summary>Progress on the console.</summary>
    public ConsoleProgress()
        : this(Console.Out, null, IsTerminal ? static () => Console.WindowWidth : null)
    {
    }

    /// <summary>Progress as plain lines.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="time">The clock that paces the lines; null: the system's.</param>
    public ConsoleProgress(TextWriter writer, TimeProvider? time = null)
        : this(writer, time, null)
    {
    }

    /// <param name="writer">Where to.</param>
    /// <param name="time">The clock; null: the system's.</param>
    /// <param name="terminalWidth">Columns of the terminal that the writer writes to; null: it is none.</param>
    internal ConsoleProgress(TextWriter writer, TimeProvider? time, Func<int>? terminalWidth)
    {
        ArgumentNullException.ThrowIfNull(writer);
        (_writer, _time, _terminalWidth) = (writer, time ?? TimeProvider.System, terminalWidth);
        _pace = new ReportPace(_time);
    }

    /// <summary>The trainer's <see cref="SequenceTrainerOptions.TimeBudget"/>: the time left does not exceed it. Null: none.</summary>
    public TimeSpan? TimeBudget
    {
        get;
        init
        {
            field = value;
            _remaining = new RemainingTime(value);
        }
    }

    private static bool IsTerminal => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        TimeSpan? left = _remaining.After(value);
        if (_terminalWidth is null)
        {
            if (_pace.IsDue(value))
                _writer.WriteLine(Line(value, left, bar: false));
            return;
        }

        // The cursor rests below the line, so that whatever else is printed begins on a line of its own.
        bool goesOn = _last is not null && value.Iteration > _last.Iteration, ends = value.Iteration >= value.NumberOfIterations;
        if (goesOn && !ends && _time.GetElapsedTime(_drawn) < s_redraw)
            return;
        string line = Line(value, left, bar: true);
        int width = Math.Max(1, _terminalWidth() - 1);
        _writer.WriteLine((goesOn ? UpAndClear : "") + (line.Length > width ? line[..width] : line));
        _writer.Flush();
        (_drawn, _last) = (_time.GetTimestamp(), value);
    }

    private string Line(TrainingProgress value, TimeSpan? left, bool bar)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        double share = Math.Clamp((double)value.Iteration / Math.Max(1, value.NumberOfIterations), 0, 1);
        return string.Create(invariant, $"{Math.Floor(100 * share),3}%{(bar ? Bar(share) : "")} ")
            + string.Create(invariant, $"{value.Iteration:N0}/{value.NumberOfIterations:N0}")
            + string.Create(invariant, $"  loss {value.Loss:G4}")
            + (value.ValidationLoss is { } validation ? string.Create(invariant, $"  validation {validation:G4}") : "")
            + string.Create(invariant, $"  {value.SequencesPerSecond:N0} sequences/s")
            + (value.SkippedSteps > 0 ? string.Create(invariant, $"  {value.SkippedSteps:N0} skipped") : "")
            + $"  {Clock.Text(value.Elapsed)}"
            + (left is { } time && share < 1 ? $"  {Clock.Text(time)} left" : "");
    }

    // Blocks where the terminal can show them.
    private string Bar(double share)
    {
        int done = (int)(BarWidth * share);
        (char full, char empty) = _writer.Encoding.CodePage is 65001 or 1200 or 1201 ? ('█', '░') : ('#', '.');
        return " " + new string(full, done) + new string(empty, BarWidth - done);
    }
}
