using System.Globalization;

/// <summary>Sequences with two pulses at random times: both on X, both on Y, X first or Y first.</summary>
internal static class Pulses
{
    public const int Steps = 30;

    /// <summary>Writes a CSV and gives its name back.</summary>
    public static string Write(string file, int sequences, int seed)
    {
        var random = new Random(seed);
        using var writer = new StreamWriter(file);
        writer.WriteLine("Id,Time,X,Y,Class");
        for (int id = 0; id < sequences; id++)
        {
            int first = random.Next(Steps - 1), second = random.Next(first + 1, Steps);
            bool firstIsX = random.Next(2) == 0, secondIsX = random.Next(2) == 0;
            string kind = firstIsX == secondIsX ? (firstIsX ? "X twice" : "Y twice") : firstIsX ? "X first" : "Y first";
            for (int t = 0; t < Steps; t++)
            {
                float x = Noise() + (t == first && firstIsX || t == second && secondIsX ? 1f : 0f);
                float y = Noise() + (t == first && !firstIsX || t == second && !secondIsX ? 1f : 0f);
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{id},{t},{x:F3},{y:F3},{kind}"));
            }
        }

        return file;

        float Noise() => 0.3f * (random.NextSingle() - 0.5f);
    }
}
