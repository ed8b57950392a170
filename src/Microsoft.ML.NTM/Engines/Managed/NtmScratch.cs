using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>What an NTM works in during one step of one row. Nothing here outlives the step.</summary>
internal sealed unsafe class NtmScratch
{
    private readonly NtmSizes _sizes;
    private readonly PinnedBuffer _block;
    private readonly int _wordLength;
    private float* _dots, _byKeys, _byWrites;

    public NtmScratch(NtmSizes sizes)
    {
        _sizes = sizes;
        _wordLength = NtmSizes.Padded(sizes.Width);
        _block = Arena.Carve(Carve);
    }

    /// <summary>A gated weighting as a closed circle: [N + 2S].</summary>
    public float* Circle { get; private set; }

    /// <summary>The derivative by what the circle is shifted to, as a closed circle: [N + 2S].</summary>
    public float* ByCircle { get; private set; }

    /// <summary>[n]; backwards it becomes the derivative by the gated weighting.</summary>
    public float* Shifted { get; private set; }

    /// <summary>[n].</summary>
    public float* ByContent { get; private set; }

    /// <summary>[n].</summary>
    public float* ByCosines { get; private set; }

    /// <summary>What the slots are to be multiplied by for their part through the norms, all heads together: [n].</summary>
    public float* ByNorms { get; private set; }

    /// <summary>A memory's product with the derivatives by it: [M][n].</summary>
    public float* Product { get; private set; }

    /// <summary>[2S + 1].</summary>
    public float* ByShift { get; private set; }

    /// <summary>Strengths, sharpenings and gates of all heads: [3, R + W].</summary>
    public float* HeadScalars { get; private set; }

    /// <summary>Their slopes: [3, R + W].</summary>
    public float* HeadSlopes { get; private set; }

    /// <summary>Forward a key's dot products with the slots, backward the derivatives by them: [n].</summary>
    public float* Dots(int head) => _dots + head * _sizes.N;

    /// <summary>[M].</summary>
    public float* ByKey(int head) => _byKeys + head * _wordLength;

    /// <summary>[M].</summary>
    public float* ByErase(int head) => _byWrites + 2 * (head - _sizes.NumberOfReadHeads) * _wordLength;

    /// <summary>[M].</summary>
    public float* ByAdd(int head) => ByErase(head) + _wordLength;

    private void Carve(ref Arena arena)
    {
        int n = _sizes.N;
        Circle = arena.Take(_sizes.CircleLength);
        ByCircle = arena.Take(_sizes.CircleLength);
        Shifted = arena.Take(n);
        ByContent = arena.Take(n);
        ByCosines = arena.Take(n);
        ByNorms = arena.Take(n);
        _dots = arena.Take(_sizes.Heads * n);
        Product = arena.Take(_sizes.MemoryLength);
        ByShift = arena.Take(_sizes.Shifts);
        _byKeys = arena.Take(_sizes.Heads * _wordLength);
        _byWrites = arena.Take(2 * _sizes.NumberOfWriteHeads * _wordLength);
        HeadScalars = arena.Take(3 * _sizes.Heads);
        HeadSlopes = arena.Take(3 * _sizes.Heads);
    }
}
