using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>8 floats of AVX2 with FMA.</summary>
internal readonly unsafe struct V256(Vector256<float> value) : ISimd<V256>
{
    private readonly Vector256<float> _value = value;

    public static int Count => 8;

    public static int TileRows => 4;

    public static int PanelVectors => 3;

    public static bool IsSupported => Avx2.IsSupported && System.Runtime.Intrinsics.X86.Fma.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Load(float* from) => new(Avx.LoadVector256(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 LoadFirst(float* from, int count) => count >= 8 ? Load(from) : new(Avx.MaskLoad(from, Mask(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, V256 value) => Avx.Store(to, value._value);

    // A masked store takes many times as long on some processors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(float* to, V256 value, int count)
    {
        if (count >= 8)
            Avx.Store(to, value._value);
        else
            Avx.MaskStore(to, Mask(count), value._value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator +(V256 left, V256 right) => new(Avx.Add(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator -(V256 left, V256 right) => new(Avx.Subtract(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator *(V256 left, V256 right) => new(Avx.Multiply(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator /(V256 left, V256 right) => new(Avx.Divide(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Fma(V256 a, V256 b, V256 c) =>
        new(System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 NegativeFma(V256 a, V256 b, V256 c) =>
        new(System.Runtime.Intrinsics.X86.Fma.MultiplyAddNegated(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Min(V256 left, V256 right) => new(Avx.Min(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Max(V256 left, V256 right) => new(Avx.Max(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Sqrt(V256 value) => new(Avx.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Reciprocal(V256 value) => Broadcast(1f) / value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 IfLess(V256 left, V256 right, V256 yes, V256 no) =>
        new(Avx.BlendVariable(no._value, yes._value, Avx.CompareLessThan(left._value, right._value)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Round(V256 value) => new(Avx.RoundToNearestInteger(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Scale(V256 value, V256 power) => new(Avx.Multiply(value._value,
        Avx2.ShiftLeftLogical(Avx2.Add(Avx.ConvertToVector256Int32(power._value), Vector256.Create(127)), 23).AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Exponent(V256 value) => new(Avx.ConvertToVector256Single(
        Avx2.Subtract(Avx2.ShiftRightLogical(value._value.AsInt32(), 23), Vector256.Create(127))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Mantissa(V256 value) =>
        new(((value._value.AsInt32() & Vector256.Create(0x007FFFFF)) | Vector256.Create(0x3F800000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V256 value) => V128.Sum(Halves(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(V256 value) => V128.Largest(new(Sse.Max(value._value.GetLower(), value._value.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (float A, float B, float C, float D) Sums(V256 a, V256 b, V256 c, V256 d) =>
        V128.Sums(Halves(a), Halves(b), Halves(c), Halves(d));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V128 Halves(V256 value) => new(value._value.GetLower() + value._value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Mask(int count) =>
        Avx2.CompareGreaterThan(Vector256.Create(count), Vector256<int>.Indices).AsSingle();
}
