using System.Globalization;

namespace Microsoft.ML.NTM.Sweeping;

/// <summary>Numbers and settings of a sweep in few characters.</summary>
internal static class SweepText
{
    /// <summary>Four significant digits, or a dash.</summary>
    public static string Number(double? number) => number is double value ? value.ToString("G4", CultureInfo.InvariantCulture) : "-";

    /// <summary>A setting: numbers with three digits.</summary>
    public static string Value(object? value) => value switch
    {
        null => "",
        double number => number.ToString("G3", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Minutes and seconds.</summary>
    public static string Time(TimeSpan time) => time.TotalHours >= 1
        ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    /// <summary>One line about a trial.</summary>
    public static string Line(SweepTrial trial, string metricName)
    {
        string settings = string.Join(", ", trial.Values.Select(value => $"{value.Key} {Value(value.Value)}"));
        string end = trial.Status switch
        {
            SweepTrialStatus.Completed => $"{metricName} {Number(trial.Metric)}",
            SweepTrialStatus.Failed => $"failed: {trial.Error}",
            SweepTrialStatus.Pruned => FormattableString.Invariant(
                $"stopped after {trial.Curve[^1].Share:P0} with a validation loss of {Number(trial.Curve[^1].Loss)}"),
            _ => "begins",
        };
        string again = trial.RepeatOf is int original ? FormattableString.Invariant($" (trial {original} again)") : "";
        return FormattableString.Invariant($"trial {trial.Number}{again}: {end}; {settings}");
    }
}
