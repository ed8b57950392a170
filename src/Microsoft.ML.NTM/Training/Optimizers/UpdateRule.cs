using System.Numerics;

namespace Microsoft.ML.NTM.Training;

/// <summary>An optimizer's formula for a handful of neighbouring parameters.</summary>
internal interface IUpdateRule
{
    /// <summary>How many of the three states the formula uses; the others come in as 0.</summary>
    static abstract int States { get; }

    /// <summary>The new parameters; the states are updated in place.</summary>
    Vector<float> Update(Vector<float> parameter, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second, ref Vector<float> third);
}

/// <summary>
/// Runs a formula over flat arrays. Besides the formula it does two things: numbers too small to matter become 0, since denormal numbers
/// would slow a converged network's training down many times; and a parameter never leaves [-1e30, 1e30], so that weights that run away stay
/// finite until the loss gives them away.
/// </summary>
internal static class UpdateRule
{
    /// <summary>Bound of every parameter.</summary>
    internal const float LargestParameter = 1e30f;

    /// <summary>Smaller gradients, and smaller states of the gradient's order, count as 0; their squares are still normal numbers.</summary>
    private const float Smallest = 1e-15f;

    /// <summary>Smaller states of the squared gradient's order count as 0.</summary>
    private const float SmallestSquare = 1e-30f;

    /// <summary>Applies <paramref name="rule"/> to every parameter; all spans are [P], unused states empty.</summary>
    internal static void Apply<TRule>(TRule rule, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, Span<float> third)
        where TRule : struct, IUpdateRule
    {
        int width = Vector<float>.Count;
        int whole = parameters.Length - parameters.Length % width;
        for (int i = 0; i < whole; i += width)
            ApplyAt(rule, parameters[i..], gradient[i..], Rest(first, i, 0), Rest(second, i, 1), Rest(third, i, 2));
        if (whole == parameters.Length)
            return;

        // The remainder runs through the same formula, in room of a full vector.
        Span<float> room = stackalloc float[5 * width];
        room.Clear();
        Span<float> p = room[..width], g = room.Slice(width, width);
        Span<float> s1 = room.Slice(2 * width, width), s2 = room.Slice(3 * width, width), s3 = room.Slice(4 * width, width);
        parameters[whole..].CopyTo(p);
        gradient[whole..].CopyTo(g);
        Rest(first, whole, 0).CopyTo(s1);
        Rest(second, whole, 1).CopyTo(s2);
        Rest(third, whole, 2).CopyTo(s3);
        ApplyAt(rule, p, g, s1, s2, s3);
        int rest = parameters.Length - whole;
        p[..rest].CopyTo(parameters[whole..]);
        CopyBack(s1, first, 0);
        CopyBack(s2, second, 1);
        CopyBack(s3, third, 2);

        static Span<float> Rest(Span<float> state, int start, int index) => index < TRule.States ? state[start..] : [];
        void CopyBack(Span<float> from, Span<float> to, int index)
        {
            if (index < TRule.States)
                from[..rest].CopyTo(to[whole..]);
        }
    }

    /// <summary><paramref name="value"/>, or 0 where it is too small to matter next to a gradient.</summary>
    internal static Vector<float> Flush(Vector<float> value) => FlushBelow(value, Smallest);

    /// <summary><paramref name="value"/>, or 0 where it is too small to matter next to a squared gradient.</summary>
    internal static Vector<float> FlushSquare(Vector<float> value) => FlushBelow(value, SmallestSquare);

    private static Vector<float> FlushBelow(Vector<float> value, float smallest) =>
        Vector.ConditionalSelect(Vector.GreaterThanOrEqual(Vector.Abs(value), new Vector<float>(smallest)), value, Vector<float>.Zero);

    private static void ApplyAt<TRule>(TRule rule, Span<float> p, ReadOnlySpan<float> g, Span<float> first, Span<float> second, Span<float> third)
        where TRule : struct, IUpdateRule
    {
        Vector<float> a = TRule.States > 0 ? new Vector<float>(first) : default;
        Vector<float> b = TRule.States > 1 ? new Vector<float>(second) : default;
        Vector<float> c = TRule.States > 2 ? new Vector<float>(third) : default;
        Vector<float> next = rule.Update(new Vector<float>(p), Flush(new Vector<float>(g)), ref a, ref b, ref c);
        Vector.Clamp(next, new Vector<float>(-LargestParameter), new Vector<float>(LargestParameter)).CopyTo(p);
        if (TRule.States > 0)
            a.CopyTo(first);
        if (TRule.States > 1)
            b.CopyTo(second);
        if (TRule.States > 2)
            c.CopyTo(third);
    }
}
