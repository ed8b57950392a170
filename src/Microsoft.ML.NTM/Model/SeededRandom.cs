using System.Numerics;
using System.Text;

namespace Microsoft.ML.NTM.Model;

/// <summary>
/// xoshiro256** (Blackman and Vigna 2018) with its state filled by SplitMix64: the same seed gives the same bits on every platform and in
/// every version of .NET, which <see cref="System.Random"/> does not promise.
/// </summary>
internal sealed class SeededRandom
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>The stream of <paramref name="seed"/>.</summary>
    public SeededRandom(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>A stream of its own for each name, so that one consumer's draws never move another's.</summary>
    public SeededRandom(long seed, string name)
        : this(unchecked((ulong)seed) ^ Hash(name))
    {
    }

    /// <summary>The generator's next 64 bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [-bound, bound).</summary>
    public double NextSymmetric(double bound) => (2 * NextDouble() - 1) * bound;

    /// <summary>Uniform in 0 .. limit - 1, without bias (Lemire 2019).</summary>
    public int NextInt(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ulong range = (ulong)limit;
        ulong high = Math.BigMul(NextUInt64(), range, out ulong low);
        if (low < range)
        {
            ulong reject = (0 - range) % range;
            while (low < reject)
                high = Math.BigMul(NextUInt64(), range, out low);
        }
        return (int)high;
    }

    /// <summary>What SplitMix64's state grows by (Steele, Lea and Flood 2014).</summary>
    public const ulong Increment = 0x9E3779B97F4A7C15;

    /// <summary>A number with its bits mixed: SplitMix64's finaliser.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static ulong SplitMix(ref ulong state) => Mix(state += Increment);

    // FNV-1a over the name's UTF-8 bytes.
    private static ulong Hash(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte value in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ value) * 0x100000001B3;
        return hash;
    }
}
