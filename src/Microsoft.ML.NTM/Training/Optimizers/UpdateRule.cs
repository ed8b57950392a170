using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.NTM.Training;

/// <summary>An optimizer's formula for a handful of neighbouring parameters.</summary>
internal interface IUpdateRule
{
    /// <summary>How many of the three states the formula uses; the others come in as 0.</summary>
    static abstract int States { get; }

    /// <summary>The new parameters; the states are updated in place.</summary>
    Vector<float> Update(Vector<float> parameter, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second,
        ref Vector<float> third);
}

/// <summary>
/// Runs a formula over flat arrays. Besides the formula it does two things: numbers too small to matter become 0, since denormal numbers
/// would slow a converged network's training down many times; and a parameter never leaves [-1e30, 1e30], so that weights that run away
/// stay finite until the loss gives them away.
/// </summary>
internal static class UpdateRule
{
    /// <summary>Bound of every parameter.</summary>
    internal const float LargestParameter = 1e30f;

    /// <summary>
    /// Smaller gradients, and smaller states of the gradient's order, count as 0; their squares are still normal numbers.
    /// </summary>
    private const float Smallest = 1e-15f;

    /// <summary>Smaller states of the squared gradient's order count as 0.</summary>
    private const float SmallestSquare = 1e-30f;

    /// <summary>Applies <paramref name="rule"/> to every parameter; all spans are [P] or longer, unused states empty.</summary>
    internal static void Apply<TRule>(TRule rule, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first,
        Span<float> second, Span<float> third)
        where TRule : struct, IUpdateRule
    {
        int length = parameters.Length;
        gradient = gradient[..length];
        first = first[..(TRule.States > 0 ? length : 0)];
        second = second[..(TRule.States > 1 ? length : 0)];
        third = third[..(TRule.States > 2 ? length : 0)];
        int whole = length - length % Vector<float>.Count;
        ApplyWhole(rule, parameters[..whole], gradient, first, second, third);
        if (whole == length)
            return;

        // The remainder runs through the same formula, in room of a full vector.
        int width = Vector<float>.Count;
        Span<float> room = stackalloc float[5 * width];
        room.Clear();
        Span<float> p = room[..width], g = room.Slice(width, width);
        Span<float> s1 = room.Slice(2 * width, width), s2 = room.Slice(3 * width, width), s3 = room.Slice(4 * width, width);
        parameters[whole..].CopyTo(p);
        gradient[whole..].CopyTo(g);
        From(first, whole).CopyTo(s1);
        From(second, whole).CopyTo(s2);
        From(third, whole).CopyTo(s3);
        ApplyWhole(rule, p, g, s1, s2, s3);
        p[..(length - whole)].CopyTo(parameters[whole..]);
        s1[..From(first, whole).Length].CopyTo(From(first, whole));
        s2[..From(second, whole).Length].CopyTo(From(second, whole));
        s3[..From(third, whole).Length].CopyTo(From(third, whole));

        static Span<float> From(Span<float> state, int start) => state.IsEmpty ? state : state[start..];
    }

    /// <summary><paramref name="value"/>, or 0 where it is too small to matter next to a gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<float> Flush(Vector<float> value) => FlushBelow(value, Smallest);

    /// <summary><paramref name="value"/>, or 0 where it is too small to matter next to a squared gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<float> FlushSquare(Vector<float> value) => FlushBelow(value, SmallestSquare);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> FlushBelow(Vector<float> value, float smallest) =>
        Vector.ConditionalSelect(Vector.GreaterThanOrEqual(Vector.Abs(value), new Vector<float>(smallest)), value, Vector<float>.Zero);

    // The parameters' length is a multiple of the vector's; every other span that the rule uses is at least as long.
    private static void ApplyWhole<TRule>(TRule rule, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first,
        Span<float> second, Span<float> third)
        where TRule : struct, IUpdateRule
    {
        ref float p = ref MemoryMarshal.GetReference(parameters);
        ref float g = ref MemoryMarshal.GetReference(gradient);
        ref float s1 = ref MemoryMarshal.GetReference(first);
        ref float s2 = ref MemoryMarshal.GetReference(second);
        ref float s3 = ref MemoryMarshal.GetReference(third);
        var low = new Vector<float>(-LargestParameter);
        var high = new Vector<float>(LargestParameter);
        for (nuint i = 0; i < (nuint)parameters.Length; i += (nuint)Vector<float>.Count)
        {
            Vector<float> a = TRule.States > 0 ? Vector.LoadUnsafe(ref s1, i) : default;
            Vector<float> b = TRule.States > 1 ? Vector.LoadUnsafe(ref s2, i) : default;
            Vector<float> c = TRule.States > 2 ? Vector.LoadUnsafe(ref s3, i) : default;
            Vector<float> next = rule.Update(Vector.LoadUnsafe(ref p, i), Flush(Vector.LoadUnsafe(ref g, i)), ref a, ref b, ref c);
            Vector.Min(Vector.Max(next, low), high).StoreUnsafe(ref p, i);
            if (TRule.States > 0)
                a.StoreUnsafe(ref s1, i);
            if (TRule.States > 1)
                b.StoreUnsafe(ref s2, i);
            if (TRule.States > 2)
                c.StoreUnsafe(ref s3, i);
        }
    }
}
