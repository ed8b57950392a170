using System.Globalization;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Tests.Sweeping;

/// <summary>What a sweep has come to, bit for bit, without what may differ when it was interrupted: attempts and times.</summary>
internal static class SweepStates
{
    public static string Describe(IEnumerable<TrialRecord> trials) => string.Join('\n', trials.Select(trial => string.Join(' ',
    [
        $"{trial.Number} {trial.Status} {trial.Repeat} {trial.RepeatOf} {trial.Error}",
        .. trial.Point.Append(trial.Objective ?? double.NaN).Select(Bits),
        .. trial.Curve.Select(point => $"{point.Resource}:{Bits(point.Loss)}"),
    ])));

    private static string Bits(double number) => BitConverter.DoubleToInt64Bits(number).ToString("x", CultureInfo.InvariantCulture);
}
