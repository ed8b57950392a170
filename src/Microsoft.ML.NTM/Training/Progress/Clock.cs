using System.Globalization;

namespace Microsoft.ML.NTM.Training;

/// <summary>Durations as people read them.</summary>
internal static class Clock
{
    /// <summary><c>0:07</c>, <c>12:30</c>, <c>3:04:05</c>, <c>2 d 03:04</c>.</summary>
    public static string Text(TimeSpan time)
    {
        time = time < TimeSpan.Zero ? TimeSpan.Zero : time;
        return time.TotalHours < 1 ? time.ToString(@"m\:ss", CultureInfo.InvariantCulture)
            : time.TotalDays < 1 ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
            : time.ToString(@"d' d 'hh\:mm", CultureInfo.InvariantCulture);
    }
}
