using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>16 floats of AVX-512, used directly because Vector512 is emulated on processors that prefer narrower vectors.</summary>
internal readonly unsafe struct V512(Vector512<float> value) : ISimd<V512>
{
    private readonly Vector512<float> _value = value;

    public static int Count => 16;

    public static int TileRows => 8;

    public static int PanelVectors => 2;

    public static bool IsSupported => Avx512F.IsSupported && Avx512DQ.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Load(float* from) => new(Avx512F.LoadVector512(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 LoadFirst(float* from, int count) => new(Avx512F.MaskLoad(from, Mask(count), Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, V512 value) => Avx512F.Store(to, value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(float* to, V512 value, int count) => Avx512F.MaskStore(to, Mask(count), value._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator +(V512 left, V512 right) => new(Avx512F.Add(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator -(V512 left, V512 right) => new(Avx512F.Subtract(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator *(V512 left, V512 right) => new(Avx512F.Multiply(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator /(V512 left, V512 right) => new(Avx512F.Divide(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Fma(V512 a, V512 b, V512 c) => new(Avx512F.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 NegativeFma(V512 a, V512 b, V512 c) => new(Avx512F.FusedMultiplyAddNegated(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Min(V512 left, V512 right) => new(Avx512F.Min(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Max(V512 left, V512 right) => new(Avx512F.Max(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Sqrt(V512 value) => new(Avx512F.Sqrt(value._value));

    // 14 bits, doubled by a Newton step.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Reciprocal(V512 value)
    {
        Vector512<float> estimate = Avx512F.Reciprocal14(value._value);
        Vector512<float> error = Avx512F.FusedMultiplyAddNegated(value._value, estimate, Vector512.Create(1f));
        return new(Avx512F.FusedMultiplyAdd(estimate, error, estimate));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 IfLess(V512 left, V512 right, V512 yes, V512 no) =>
        new(Avx512F.BlendVariable(no._value, yes._value, Avx512F.CompareLessThan(left._value, right._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Round(V512 value) => new(Avx512F.RoundScale(value._value, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Scale(V512 value, V512 power) => new(Avx512F.Scale(value._value, power._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Exponent(V512 value) => new(Avx512F.GetExponent(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Mantissa(V512 value) => new(Avx512F.GetMantissa(value._value, 0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V512 value) => V256.Sum(Halves(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(V512 value) =>
        V256.Largest(new(Avx.Max(Avx512DQ.ExtractVector256(value._value, 0), Avx512DQ.ExtractVector256(value._value, 1))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (float A, float B, float C, float D) Sums(V512 a, V512 b, V512 c, V512 d) =>
        V256.Sums(Halves(a), Halves(b), Halves(c), Halves(d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V256 Halves(V512 value) =>
        new(Avx.Add(Avx512DQ.ExtractVector256(value._value, 0), Avx512DQ.ExtractVector256(value._value, 1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Mask(int count) =>
        Avx512F.CompareGreaterThan(Vector512.Create(count), Vector512<int>.Indices).AsSingle();
}
