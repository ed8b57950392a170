namespace Microsoft.ML.NTM.Kernels;

/// <summary>
/// A vector of floats as wide as a machine has them, so that a kernel is written once and compiled per width. Reads and writes need no
/// alignment. "First" forms touch only the leading <c>count</c> floats of memory, and fill the others with 0.
/// </summary>
internal unsafe interface ISimd<T>
    where T : struct, ISimd<T>
{
    /// <summary>Floats per vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of a whole tile of a matrix product: with its vectors, as many sums as registers hold next to what goes in.</summary>
    static abstract int TileRows { get; }

    /// <summary>Vectors of each row of a whole tile.</summary>
    static abstract int PanelVectors { get; }

    static abstract T Load(float* from);

    static abstract T LoadFirst(float* from, int count);

    static abstract void Store(float* to, T value);

    static abstract void StoreFirst(float* to, T value, int count);

    static abstract T Broadcast(float value);

    static abstract T operator +(T left, T right);

    static abstract T operator -(T left, T right);

    static abstract T operator *(T left, T right);

    static abstract T operator /(T left, T right);

    /// <summary>a * b + c with one rounding where the machine can.</summary>
    static abstract T Fma(T a, T b, T c);

    /// <summary>c - a * b with one rounding where the machine can.</summary>
    static abstract T NegativeFma(T a, T b, T c);

    /// <summary>The lesser; the second where either is NaN, or NaN.</summary>
    static abstract T Min(T left, T right);

    /// <summary>The greater; the second where either is NaN, or NaN.</summary>
    static abstract T Max(T left, T right);

    static abstract T Sqrt(T value);

    /// <summary>1 / value to about a unit in the last place, for values whose reciprocal is a normal number.</summary>
    static abstract T Reciprocal(T value);

    /// <summary>left &lt; right ? yes : no, per float.</summary>
    static abstract T IfLess(T left, T right, T yes, T no);

    /// <summary>The nearest integers.</summary>
    static abstract T Round(T value);

    /// <summary>value * 2^power, for integral powers that keep the result a normal number or make it 0.</summary>
    static abstract T Scale(T value, T power);

    /// <summary>floor(log2(value)) of positive normal numbers.</summary>
    static abstract T Exponent(T value);

    /// <summary>value / 2^floor(log2(value)) of positive normal numbers: in [1, 2).</summary>
    static abstract T Mantissa(T value);

    static abstract float Sum(T value);

    static abstract float Largest(T value);

    /// <summary>The sums of four vectors.</summary>
    static abstract (float A, float B, float C, float D) Sums(T a, T b, T c, T d);
}
