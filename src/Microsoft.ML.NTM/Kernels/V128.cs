using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>4 floats of any machine .NET runs on.</summary>
internal readonly unsafe struct V128(Vector128<float> value) : ISimd<V128>
{
    private readonly Vector128<float> _value = value;

    public static int Count => 4;

    public static int TileRows => AdvSimd.IsSupported ? 8 : 4;

    public static int PanelVectors => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Load(float* from) => new(Vector128.Load(from));

    public static V128 LoadFirst(float* from, int count)
    {
        if (count >= 4)
            return Load(from);
        Vector128<float> value = Vector128<float>.Zero;
        for (int i = 0; i < count; i++)
            value = value.WithElement(i, from[i]);
        return new(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, V128 value) => value._value.Store(to);

    public static void StoreFirst(float* to, V128 value, int count)
    {
        if (count >= 4)
        {
            Store(to, value);
            return;
        }
        for (int i = 0; i < count; i++)
            to[i] = value._value[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator +(V128 left, V128 right) => new(left._value + right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator -(V128 left, V128 right) => new(left._value - right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator *(V128 left, V128 right) => new(left._value * right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator /(V128 left, V128 right) => new(left._value / right._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Fma(V128 a, V128 b, V128 c) => new(Vector128.MultiplyAddEstimate(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 NegativeFma(V128 a, V128 b, V128 c) => new(Vector128.MultiplyAddEstimate(-a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Min(V128 left, V128 right) => new(Vector128.MinNative(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Max(V128 left, V128 right) => new(Vector128.MaxNative(left._value, right._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Sqrt(V128 value) => new(Vector128.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Reciprocal(V128 value) => Broadcast(1f) / value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 IfLess(V128 left, V128 right, V128 yes, V128 no) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(left._value, right._value), yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Round(V128 value) => new(Vector128.Round(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Scale(V128 value, V128 power) => new(value._value
        * ((Vector128.ConvertToInt32Native(power._value) + Vector128.Create(127)) << 23).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Exponent(V128 value) =>
        new(Vector128.ConvertToSingle((value._value.AsInt32() >>> 23) - Vector128.Create(127)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Mantissa(V128 value) =>
        new(((value._value.AsInt32() & Vector128.Create(0x007FFFFF)) | Vector128.Create(0x3F800000)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V128 value) => (value._value[0] + value._value[2]) + (value._value[1] + value._value[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(V128 value) =>
        MathF.Max(MathF.Max(value._value[0], value._value[1]), MathF.Max(value._value[2], value._value[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (float A, float B, float C, float D) Sums(V128 a, V128 b, V128 c, V128 d) => (Sum(a), Sum(b), Sum(c), Sum(d));
}
