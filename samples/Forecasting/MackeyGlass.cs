using System.Globalization;

/// <summary>
/// The chaotic series of Mackey and Glass (Science 197:287, 1977), dx/dt = 0.2 x(t-17) / (1 + x(t-17)^10) - 0.1 x(t), with 1 % noise.
/// </summary>
internal static class MackeyGlass
{
    private const int Delay = 17, Substeps = 10;

    /// <summary>Writes a CSV and gives its name back.</summary>
    public static string Write(string file, int length)
    {
        var random = new Random(1);
        var past = new Queue<double>(Enumerable.Repeat(1.2, Delay * Substeps));
        double x = 1.2;
        using var writer = new StreamWriter(file);
        writer.WriteLine("Time,Value");
        for (int t = -500; t < length; t++)
        {
            for (int i = 0; i < Substeps; i++)
            {
                past.Enqueue(x);
                double delayed = past.Dequeue();
                x += (0.2 * delayed / (1 + Math.Pow(delayed, 10)) - 0.1 * x) / Substeps;
            }
            if (t >= 0)
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{t},{x + 0.01 * (random.NextDouble() - 0.5):F4}"));
        }
        return file;
    }
}
