using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>
/// A sweep's report: one .html file with everything in it, which loads itself again while the sweep goes on. It is written beside itself
/// and then moved, so that a browser never sees half of it.
/// </summary>
internal sealed class SweepHtmlFile(string path)
{
    // Often enough for a look, seldom enough to cost nothing.
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(2);
    private const int RefreshSeconds = 3;
    private long _writtenAt;

    /// <summary>Whether the file is old enough to be written anew.</summary>
    public bool IsDue(bool isOver) => isOver || _writtenAt == 0 || Stopwatch.GetElapsedTime(_writtenAt) >= s_between;

    /// <summary>Writes the file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(SweepProgress progress, IReadOnlyList<SweepImportance> importance)
    {
        string refresh = progress.IsOver ? "" : FormattableString.Invariant($"<meta http-equiv=\"refresh\" content=\"{RefreshSeconds}\">");
        string html = Template().Replace("<!--refresh-->", refresh, StringComparison.Ordinal)
            .Replace("/*data*/null", Data(progress, importance), StringComparison.Ordinal);

        // Every process that waits for a cluster's sweep may write the same report.
        string unfinished = path + FormattableString.Invariant($".{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.new");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        File.WriteAllText(unfinished, html);
        File.Move(unfinished, path, overwrite: true);
        _writtenAt = Stopwatch.GetTimestamp();
    }

    // The default encoder escapes <, > and &, so that no text can end the script that it stands in.
    internal static string Data(SweepProgress progress, IReadOnlyList<SweepImportance> importance) => new JsonObject
    {
        ["metric"] = progress.MetricName,
        ["higherIsBetter"] = progress.HigherIsBetter,
        ["planned"] = progress.NumberOfTrials,
        ["elapsed"] = SweepText.Time(progress.Elapsed),
        ["isOver"] = progress.IsOver,
        ["best"] = progress.Best?.Number,
        ["parameters"] = new JsonArray([.. progress.Space.Parameters.Select(Parameter)]),
        ["importance"] = new JsonArray([.. importance.Select(one => new JsonObject { ["name"] = one.Name, ["share"] = one.Share })]),
        ["trials"] = new JsonArray([.. progress.Trials.Select(trial => Trial(trial, progress.Space))]),
    }.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.Default });

    private static JsonObject Parameter(SweepParameter parameter) => new()
    {
        ["name"] = parameter.Name,
        ["low"] = parameter.Minimum,
        ["high"] = parameter.Maximum,
        ["log"] = parameter.Logarithmic,
        ["choices"] = new JsonArray([.. parameter.Choices.Select((_, i) => JsonValue.Create(parameter.ToText(i)))]),
    };

    private static JsonObject Trial(SweepTrial trial, SweepSpace space) => new()
    {
        ["number"] = trial.Number,
        ["status"] = trial.Status.ToString(),
        ["metric"] = Finite(trial.Metric),
        ["seconds"] = trial.Elapsed.TotalSeconds,
        ["cost"] = Finite(trial.RelativeCost),
        ["seed"] = trial.Seed,
        ["repeatOf"] = trial.RepeatOf,
        ["error"] = trial.Error,
        ["texts"] = new JsonArray(
            [.. space.Parameters.Select(parameter => JsonValue.Create(SweepText.Value(trial.Values.GetValueOrDefault(parameter.Name))))]),
        ["units"] = new JsonArray([.. space.Parameters.Select(parameter => Finite(
            trial.Values.TryGetValue(parameter.Name, out object? value) ? parameter.ToUnit(parameter.ToNumber(value)) : null))]),
        ["curve"] = new JsonArray([.. trial.Curve.Select(point => new JsonArray(point.Share, Finite(point.Loss)))]),
    };

    private static JsonNode? Finite(double? number) => number is double value && double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static string Template()
    {
        using Stream stream = typeof(SweepHtmlFile).Assembly.GetManifestResourceStream("Microsoft.ML.NTM.Sweeping.report.html")
            ?? throw new InvalidOperationException("The report's template is not in the assembly.");
        return new StreamReader(stream).ReadToEnd();
    }
}
