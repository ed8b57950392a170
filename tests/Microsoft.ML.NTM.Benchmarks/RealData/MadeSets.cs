using System.Globalization;

namespace Microsoft.ML.NTM.Benchmarks.RealData;

/// <summary>Data made by a rule, so that it is known what can be reached.</summary>
internal static class MadeSets
{
    /// <summary>
    /// An autoregressive series of order 2, x(t) = 1.5 x(t-1) - 0.75 x(t-2) + e, with e from the standard normal distribution: the
    /// optimum is the size of e.
    /// </summary>
    public static RealDataSet Autoregression()
    {
        const int Rows = 3_000, FirstTest = 2_000;
        var random = new Random(1);
        var rows = new List<float[]>();
        double before = 0, last = 0, squares = 0;
        for (int t = 0; t < Rows; t++)
        {
            double noise = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            (before, last) = (last, 1.5 * last - 0.75 * before + noise);
            rows.Add([(float)last]);
            squares += t >= FirstTest ? noise * noise : 0;
        }
        return new ForecastSet("made: autoregression", [.. rows], FirstTest, optimum: Math.Sqrt(squares / (Rows - FirstTest)));
    }

    /// <summary>
    /// Two channels of noise with one pulse each, 30 steps; the class is which pulse came first, but for one sequence in ten, whose
    /// class is drawn. The optimum knows the order and not the draw.
    /// </summary>
    public static RealDataSet Order()
    {
        const int Sequences = 1_500, Steps = 30, FirstTest = 1_000;
        var random = new Random(2);
        var steps = new List<ClassifiedStep>();
        int right = 0;
        for (int id = 0; id < Sequences; id++)
        {
            int x = random.Next(Steps), y = (x + random.Next(1, Steps)) % Steps;
            string order = x < y ? "x first" : "y first";
            string said = random.Next(10) == 0 ? random.Next(2) == 0 ? "x first" : "y first" : order;
            right += id >= FirstTest && said == order ? 1 : 0;
            float Noise() => 0.3f * (random.NextSingle() - 0.5f);
            for (int t = 0; t < Steps; t++)
                steps.Add(new ClassifiedStep($"{id}", [Noise() + (t == x ? 1 : 0), Noise() + (t == y ? 1 : 0)], said));
        }
        return new ClassificationSet("made: which pulse first", "accuracy", [.. steps],
            id => int.Parse(id, CultureInfo.InvariantCulture) >= FirstTest, Steps, (double)right / (Sequences - FirstTest));
    }
}
