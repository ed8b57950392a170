namespace Microsoft.ML.NTM.Tasks;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014): one 64-bit word of state, so a generator of its own for every row of a stream costs nothing
/// and row i can be made without the rows before it.
/// </summary>
internal sealed class SeededRandom(ulong state)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong state = state;

    /// <summary>The generator of one row: streams of different seeds and rows are unrelated.</summary>
    public static SeededRandom ForRow(int seed, long row) =>
        new(Mix(Mix((uint)seed + Golden) ^ ((ulong)row * Golden)));

    /// <summary>64 fair bits.</summary>
    public ulong NextBits() => Mix(state += Golden);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1ul << 53));

    /// <summary>Uniform in min..max, both included.</summary>
    public int Next(int min, int max) => min + (int)Math.BigMul(NextBits(), (ulong)(max - min) + 1, out _);

    /// <summary>A fair bit as 0 or 1.</summary>
    public float NextBit() => NextBits() >> 63;

    /// <summary>Fills a span with fair bits.</summary>
    public void FillBits(Span<float> bits)
    {
        for (int i = 0; i < bits.Length; i++)
            bits[i] = NextBit();
    }

    /// <summary>Beta(1/2, 1/2), the arcsine distribution: sin^2(pi u / 2) of a uniform u.</summary>
    public double NextArcsine()
    {
        double sine = Math.Sin(Math.PI / 2 * NextDouble());
        return sine * sine;
    }

    /// <summary>Puts the items in a uniformly random order (Fisher-Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(0, i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Different numbers of 0..bound-1, in random order; meant for counts far below the bound.</summary>
    public int[] Distinct(int count, int bound)
    {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++)
        {
            do
                numbers[i] = Next(0, bound - 1);
            while (numbers.AsSpan(0, i).Contains(numbers[i]));
        }
        return numbers;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
