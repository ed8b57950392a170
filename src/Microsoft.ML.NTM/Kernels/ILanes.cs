namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// A SIMD register of single-precision lanes. Kernels are written once over it; the just-in-time compiler makes one version per width
/// (<see cref="Lanes512"/>, <see cref="Lanes256"/>, <see cref="Lanes128"/>). A mask is a value whose lanes have all bits set or none.
/// </summary>
internal unsafe interface ILanes<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Lanes per register.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of a matrix product's tile: as many as leave registers for 3 columns of accumulators each.</summary>
    static abstract int TileRows { get; }

    static abstract T Zero { get; }

    static abstract T Create(float value);

    static abstract T Load(float* source);

    /// <summary>The first <paramref name="count"/> lanes, the others 0; no memory behind them is touched.</summary>
    static abstract T LoadFirst(float* source, int count);

    static abstract void Store(float* destination, T value);

    /// <summary>Stores the first <paramref name="count"/> lanes; no memory behind them is touched.</summary>
    static abstract void StoreFirst(float* destination, T value, int count);

    static abstract T operator +(T left, T right);

    static abstract T operator -(T left, T right);

    static abstract T operator *(T left, T right);

    static abstract T operator /(T left, T right);

    /// <summary>a b + c.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>c - a b.</summary>
    static abstract T NegatedMultiplyAdd(T a, T b, T c);

    /// <summary>1 / x within 2 ulp, for finite x whose reciprocal is a normal number.</summary>
    static abstract T Reciprocal(T value);

    static abstract T Sqrt(T value);

    /// <summary>The larger lane; the second operand's where one is NaN.</summary>
    static abstract T Max(T left, T right);

    /// <summary>The smaller lane; the second operand's where one is NaN.</summary>
    static abstract T Min(T left, T right);

    static abstract T And(T left, T right);

    static abstract T Or(T left, T right);

    /// <summary>Mask of left &gt; right.</summary>
    static abstract T GreaterThan(T left, T right);

    /// <summary><paramref name="yes"/> where the mask is set, else <paramref name="no"/>.</summary>
    static abstract T Select(T mask, T yes, T no);

    /// <summary>The nearest whole number.</summary>
    static abstract T Round(T value);

    /// <summary>x 2^n for whole n with a normal result.</summary>
    static abstract T Scale(T value, T exponent);

    /// <summary>x = mantissa 2^exponent with a mantissa in [1, 2), for normal x above 0.</summary>
    static abstract T Split(T value, out T exponent);

    /// <summary>The sum of all lanes, always in the same order.</summary>
    static abstract float Sum(T value);

    /// <summary>The sums of all lanes of four registers, to four consecutive places.</summary>
    static abstract void Sum4(T a, T b, T c, T d, float* destination);

    /// <summary>The largest lane.</summary>
    static abstract float Largest(T value);
}
