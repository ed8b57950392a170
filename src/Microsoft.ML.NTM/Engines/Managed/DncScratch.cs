using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>What a DNC works in during one step of one row. Nothing here outlives the step.</summary>
internal sealed unsafe class DncScratch
{
    private readonly DncSizes _sizes;
    private readonly PinnedBuffer _block;

    public DncScratch(DncSizes sizes)
    {
        _sizes = sizes;
        _block = Arena.Carve(Carve);
    }

    /// <summary>[n].</summary>
    public float* ByAllocation { get; private set; }

    /// <summary>[n].</summary>
    public float* ByRetention { get; private set; }

    /// <summary>[R, n]; the write head uses the first.</summary>
    public float* ByContent { get; private set; }

    /// <summary>What the slots are to be multiplied by for their part through the norms: [n].</summary>
    public float* ByNorms { get; private set; }

    /// <summary>[n].</summary>
    public float* ByCosines { get; private set; }

    /// <summary>[R + 1, n].</summary>
    public float* ByDots { get; private set; }

    /// <summary>The products of usages that the allocation's way back needs: [n].</summary>
    public float* Products { get; private set; }

    /// <summary>By what the links lead to forward: [R, n].</summary>
    public float* ByForward { get; private set; }

    /// <summary>By what the links lead to backward: [R, n].</summary>
    public float* ByBackward { get; private set; }

    /// <summary>What the kernels of the links work in: [4 + 4R, n].</summary>
    public float* Links { get; private set; }

    /// <summary>A memory's product with the derivatives by it: [M][n].</summary>
    public float* Product { get; private set; }

    /// <summary>The memory as far as it is not freed: [M][n].</summary>
    public float* Retained { get; private set; }

    /// <summary>[R + 1, M].</summary>
    public float* ByKey { get; private set; }

    /// <summary>What the keys themselves are multiplied by for their part through their norms: [R].</summary>
    public float* KeyScales { get; private set; }

    /// <summary>A mask's numbers, each by itself: [M].</summary>
    public float* Squares { get; private set; }

    /// <summary>[M].</summary>
    public float* MaskedKey { get; private set; }

    /// <summary>[M].</summary>
    public float* BySquares { get; private set; }

    /// <summary>[R].</summary>
    public float* ByFreeGates { get; private set; }

    private void Carve(ref Arena arena)
    {
        int n = _sizes.N, heads = _sizes.NumberOfReadHeads, width = _sizes.Width;
        ByAllocation = arena.Take(n);
        ByRetention = arena.Take(n);
        ByContent = arena.Take(heads * n);
        ByNorms = arena.Take(n);
        ByCosines = arena.Take(n);
        ByDots = arena.Take((heads + 1) * n);
        Products = arena.Take(n);
        ByForward = arena.Take(heads * n);
        ByBackward = arena.Take(heads * n);
        Links = arena.Take((4 + 4 * heads) * n);
        Product = arena.Take(_sizes.MemoryLength);
        Retained = arena.Take(_sizes.MemoryLength);
        ByKey = arena.Take((heads + 1) * width);
        KeyScales = arena.Take(heads);
        Squares = arena.Take(width);
        MaskedKey = arena.Take(width);
        BySquares = arena.Take(width);
        ByFreeGates = arena.Take(heads);
    }
}
