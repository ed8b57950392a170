using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Tests.Kernels;

/// <summary>
/// 4 floats with the tiles that machines with 32 registers take (AdvSimd), so that these shapes are tested on any machine.
/// </summary>
internal readonly unsafe struct Tall128(V128 value) : ISimd<Tall128>
{
    private readonly V128 _value = value;

    public static int Count => V128.Count;

    public static int TileRows => 8;

    public static int PanelVectors => V128.PanelVectors;

    public static Tall128 Load(float* from) => new(V128.Load(from));

    public static Tall128 LoadFirst(float* from, int count) => new(V128.LoadFirst(from, count));

    public static void Store(float* to, Tall128 value) => V128.Store(to, value._value);

    public static void StoreFirst(float* to, Tall128 value, int count) => V128.StoreFirst(to, value._value, count);

    public static Tall128 Broadcast(float value) => new(V128.Broadcast(value));

    public static Tall128 operator +(Tall128 left, Tall128 right) => new(left._value + right._value);

    public static Tall128 operator -(Tall128 left, Tall128 right) => new(left._value - right._value);

    public static Tall128 operator *(Tall128 left, Tall128 right) => new(left._value * right._value);

    public static Tall128 operator /(Tall128 left, Tall128 right) => new(left._value / right._value);

    public static Tall128 Fma(Tall128 a, Tall128 b, Tall128 c) => new(V128.Fma(a._value, b._value, c._value));

    public static Tall128 NegativeFma(Tall128 a, Tall128 b, Tall128 c) => new(V128.NegativeFma(a._value, b._value, c._value));

    public static Tall128 Min(Tall128 left, Tall128 right) => new(V128.Min(left._value, right._value));

    public static Tall128 Max(Tall128 left, Tall128 right) => new(V128.Max(left._value, right._value));

    public static Tall128 Sqrt(Tall128 value) => new(V128.Sqrt(value._value));

    public static Tall128 Reciprocal(Tall128 value) => new(V128.Reciprocal(value._value));

    public static Tall128 IfLess(Tall128 left, Tall128 right, Tall128 yes, Tall128 no) =>
        new(V128.IfLess(left._value, right._value, yes._value, no._value));

    public static Tall128 Round(Tall128 value) => new(V128.Round(value._value));

    public static Tall128 Scale(Tall128 value, Tall128 power) => new(V128.Scale(value._value, power._value));

    public static Tall128 Exponent(Tall128 value) => new(V128.Exponent(value._value));

    public static Tall128 Mantissa(Tall128 value) => new(V128.Mantissa(value._value));

    public static float Sum(Tall128 value) => V128.Sum(value._value);

    public static float Largest(Tall128 value) => V128.Largest(value._value);

    public static (float A, float B, float C, float D) Sums(Tall128 a, Tall128 b, Tall128 c, Tall128 d) =>
        V128.Sums(a._value, b._value, c._value, d._value);
}
