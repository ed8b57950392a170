using System.Globalization;

namespace Microsoft.ML.NTM.Benchmarks.RealData;

/// <summary>The data sets in the files below a folder; a file that is not there is left out.</summary>
internal static class Files
{
    public static IEnumerable<RealDataSet> Read(string folder)
    {
        if (Lines(folder, "series/airline-passengers.csv") is { } airline)
            yield return new ForecastSet("airline passengers", [.. airline.Select(line => Numbers(line.Split(','), 1))], firstTest: 96,
                season: 12);
        if (Lines(folder, "series/bach-chorales.csv") is { } bach)
            yield return Chorales(bach);
        if (Directory.Exists(Path.Combine(folder, "activity-older-people")))
            yield return Activities(Path.Combine(folder, "activity-older-people"));
        if (Lines(folder, "series/air-quality-eu.csv") is { } air)
        {
            // Benzene, and the five sensors, temperature and humidity; hours without readings (-200) are left out.
            float[][] hours = [.. air.Select(line => line.Replace(',', '.').Split(';')).Where(cells => cells.Length > 13
                && cells[5].Length > 0)
                .Select(cells => Numbers(cells, 5, 3, 6, 8, 10, 11, 12, 13)).Where(row => !row.Contains(-200f))];
            yield return new ForecastSet("air quality, benzene", hours, firstTest: hours.Length * 2 / 3, season: 24);
        }
        if (Lines(folder, "series/beijing-pm25.csv") is { } beijing)
        {
            // Hours without a reading are left out. Training on the first 3,000, as others who were compared with.
            float[][] hours = [.. beijing.Select(line => line.Split(',')).Where(cells => cells[5].Length > 0 && cells[5] != "NA")
                .Select(cells => Numbers(cells, 5, 6, 7, 8, 10))];
            yield return new ForecastSet("Beijing PM2.5", hours, firstTest: 3_000, season: 24);
        }
    }

    private static ClassificationSet Chorales(IEnumerable<string> lines)
    {
        ClassifiedStep[] events = [.. lines.Select(line => line.Split(',')).Select(cells => new ClassifiedStep(cells[0],
            [.. Enumerable.Range(2, 12).Select(c => cells[c].Trim() == "YES" ? 1f : 0f), .. Bass(cells[14].Trim()),
                float.Parse(cells[15], CultureInfo.InvariantCulture)], cells[16].Trim()))];
        string[] chorales = [.. events.Select(step => step.Id).Distinct()];
        return new ClassificationSet("Bach chorales, chord", "accuracy", events, id => Array.IndexOf(chorales, id) % 3 == 2, window: 4);
    }

    // The bass note, one number for each of the twelve.
    private static float[] Bass(string note)
    {
        int place = "C.D.EF.G.A.B".IndexOf(note[0]) + (note.EndsWith('#') ? 1 : note.EndsWith('b') ? 11 : 0);
        float[] one = new float[12];
        one[place % 12] = 1;
        return one;
    }

    private static ClassificationSet Activities(string folder)
    {
        string[] trials = [.. Directory.GetFiles(folder, "d2p*").Order(StringComparer.Ordinal)];
        ClassifiedStep[] readings = [.. trials.SelectMany((file, trial) => File.ReadLines(file).Select(line => line.Split(','))
            .Select(cells => new ClassifiedStep($"{trial}", [.. Numbers(cells, 1, 2, 3, 5), .. Antenna(cells[4])], cells[8])))];
        return new ClassificationSet("activity of older people", "macro recall", readings, id => int.Parse(id) % 3 == 2, window: 16);
    }

    // Which of the four antennas read, one number for each.
    private static float[] Antenna(string id)
    {
        float[] one = new float[4];
        one[int.Parse(id, CultureInfo.InvariantCulture) - 1] = 1;
        return one;
    }

    private static string[]? Lines(string folder, string name) =>
        File.Exists(Path.Combine(folder, name)) ? File.ReadAllLines(Path.Combine(folder, name))[1..] : null;

    private static float[] Numbers(string[] cells, params int[] places) =>
        [.. places.Select(place => float.Parse(cells[place], CultureInfo.InvariantCulture))];
}
