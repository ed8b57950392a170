using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Tests.Kernels;

/// <summary>
/// Vectors of slots as the kernels want them, [n] with zeros beyond N, from and to arrays. Behind the last one stand NaNs of a kind that no
/// computation makes: who reads them has them in the result, and who writes there is found out when the result is taken.
/// </summary>
internal static unsafe class LaneBuffers
{
    private const int GuardLength = 64;

    private static readonly ConditionalWeakTable<PinnedBuffer, Guard> s_guarded = [];
    private static uint s_guards;

    public static int Padded(int slots) => (slots + 15) / 16 * 16;

    /// <summary>Rows of the same length, each filled up with zeros to whole vectors.</summary>
    public static PinnedBuffer Rows(double[][] rows)
    {
        int n = Padded(rows[0].Length);
        PinnedBuffer buffer = Guarded(rows.Length * n);
        for (int row = 0; row < rows.Length; row++)
        {
            for (int i = 0; i < rows[row].Length; i++)
                buffer.Pointer[row * n + i] = (float)rows[row][i];
        }
        return buffer;
    }

    public static PinnedBuffer Row(double[] row) => Rows([row]);

    public static PinnedBuffer Empty(int rows, int slots) => Guarded(rows * Padded(slots));

    /// <summary>Numbers that are not filled up: the guard stands right behind them.</summary>
    public static PinnedBuffer Tight(double[] values)
    {
        PinnedBuffer buffer = Guarded(values.Length);
        for (int i = 0; i < values.Length; i++)
            buffer.Pointer[i] = (float)values[i];
        return buffer;
    }

    public static PinnedBuffer Tight(int count) => Guarded(count);

    public static double[] Take(PinnedBuffer buffer, int slots, int row = 0)
    {
        if (s_guarded.TryGetValue(buffer, out Guard? guard))
        {
            for (int i = 0; i < GuardLength; i++)
            {
                Assert.AreEqual(guard.At(i), BitConverter.SingleToUInt32Bits(buffer.Pointer[guard.End + i]),
                    $"Written {i} places behind the end of {guard.End}.");
            }
        }
        return [.. Enumerable.Range(0, slots).Select(i => (double)buffer.Pointer[row * Padded(slots) + i])];
    }

    public static double[][] TakeRows(PinnedBuffer buffer, int rows, int slots) =>
        [.. Enumerable.Range(0, rows).Select(row => Take(buffer, slots, row))];

    /// <summary>Numbers that a float holds exactly, so that both sides start from the same.</summary>
    public static double[] Random(Random random, int count, double low, double high) =>
        [.. Enumerable.Range(0, count).Select(_ => (double)(float)(low + (high - low) * random.NextDouble()))];

    public static double[][] RandomRows(Random random, int rows, int count, double low, double high) =>
        [.. Enumerable.Range(0, rows).Select(_ => Random(random, count, low, high))];

    public static double[][] Cut(double[] values, int rows) => [.. values.Chunk(values.Length / rows)];

    public static void Same(IEnumerable<double> expected, IEnumerable<double> actual, double tolerance, string what)
    {
        double[] left = [.. expected], right = [.. actual];
        Assert.HasCount(left.Length, right, what);
        for (int i = 0; i < left.Length; i++)
            Assert.AreEqual(left[i], right[i], tolerance * Math.Max(1, Math.Abs(left[i])), $"{what}[{i}]");
    }

    private static PinnedBuffer Guarded(int length)
    {
        var buffer = new PinnedBuffer(length + GuardLength);
        var guard = new Guard(length, Interlocked.Increment(ref s_guards));
        for (int i = 0; i < GuardLength; i++)
            buffer.Pointer[length + i] = BitConverter.UInt32BitsToSingle(guard.At(i));
        s_guarded.Add(buffer, guard);
        return buffer;
    }

    // A NaN that is computed with keeps its low bits: those of another buffer's guard must be others.
    private sealed record Guard(int End, uint Number)
    {
        public uint At(int place) => 0x7FC00000 | (Number * GuardLength + (uint)place) % 0x400000;
    }
}
