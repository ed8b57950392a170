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

    /// <summary>Applies <paramref name="rule"/> to the parameters of <paramref name="piece"/>.</summary>
    internal static void Apply<TRule>(TRule rule, in UpdatePiece piece)
        where TRule : struct, IUpdateRule
    {
        int length = piece.Parameters.Length, whole = length - length % Vector<float>.Count;
        ApplyWhole(rule, piece, whole);
        if (whole == length)
            return;

        // The remainder runs through the same formula, in room of a full vector.
        int width = Vector<float>.Count, rest = length - whole;
        Span<float> room = stackalloc float[5 * width];
        room.Clear();
        UpdatePiece last = piece with
        {
            Parameters = room[..width],
            Gradient = room.Slice(width, width),
            First = room.Slice(2 * width, width),
            Second = room.Slice(3 * width, width),
            Third = room.Slice(4 * width, width),
        };
        piece.Parameters[whole..].CopyTo(last.Parameters);
        piece.Gradient[whole..length].CopyTo(room.Slice(width, width));
        Rest(piece.First, whole, rest).CopyTo(last.First);
        Rest(piece.Second, whole, rest).CopyTo(last.Second);
        Rest(piece.Third, whole, rest).CopyTo(last.Third);
        ApplyWhole(rule, last, width);
        last.Parameters[..rest].CopyTo(piece.Parameters[whole..]);
        last.First[..Rest(piece.First, whole, rest).Length].CopyTo(Rest(piece.First, whole, rest));
        last.Second[..Rest(piece.Second, whole, rest).Length].CopyTo(Rest(piece.Second, whole, rest));
        last.Third[..Rest(piece.Third, whole, rest).Length].CopyTo(Rest(piece.Third, whole, rest));

        static Span<float> Rest(Span<float> state, int start, int count) => state.IsEmpty ? state : state.Slice(start, count);
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

    // A length that is a multiple of the vector's.
    private static void ApplyWhole<TRule>(TRule rule, in UpdatePiece piece, int length)
        where TRule : struct, IUpdateRule
    {
        ref float p = ref MemoryMarshal.GetReference(piece.Parameters[..length]);
        ref float g = ref MemoryMarshal.GetReference(piece.Gradient[..length]);
        ref float s1 = ref MemoryMarshal.GetReference(piece.First[..(TRule.States > 0 ? length : 0)]);
        ref float s2 = ref MemoryMarshal.GetReference(piece.Second[..(TRule.States > 1 ? length : 0)]);
        ref float s3 = ref MemoryMarshal.GetReference(piece.Third[..(TRule.States > 2 ? length : 0)]);
        GradientBounds bounds = piece.Bounds;
        var low = new Vector<float>(-LargestParameter);
        var high = new Vector<float>(LargestParameter);
        for (nuint i = 0; i < (nuint)length; i += (nuint)Vector<float>.Count)
        {
            Vector<float> a = TRule.States > 0 ? Vector.LoadUnsafe(ref s1, i) : default;
            Vector<float> b = TRule.States > 1 ? Vector.LoadUnsafe(ref s2, i) : default;
            Vector<float> c = TRule.States > 2 ? Vector.LoadUnsafe(ref s3, i) : default;
            Vector<float> gradient = Flush(bounds.Apply(Vector.LoadUnsafe(ref g, i)));
            Vector<float> next = rule.Update(Vector.LoadUnsafe(ref p, i), gradient, ref a, ref b, ref c);
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
