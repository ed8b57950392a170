namespace Microsoft.ML.NTM.Kernels;

/// <summary>Gives one block of memory out piece by piece, each on a cache line of its own.</summary>
internal unsafe ref struct Arena
{
    // Floats of a cache line.
    private const int Line = 16;

    private readonly float* _block;
    private long _taken;

    private Arena(float* block) => _block = block;

    /// <summary>Takes its pieces from an arena, the same ones in every call.</summary>
    public delegate void Carving(ref Arena arena);

    /// <summary>
    /// A block that is as large as what a carving takes of it. The carving is called twice: the first time the pieces have no memory yet.
    /// </summary>
    public static PinnedBuffer Carve(Carving carving)
    {
        var measure = new Arena(null);
        carving(ref measure);
        var block = new PinnedBuffer(measure._taken);
        var arena = new Arena(block.Pointer);
        carving(ref arena);
        return block;
    }

    /// <summary>The next <paramref name="length"/> numbers.</summary>
    public float* Take(long length)
    {
        float* piece = _block is null ? null : _block + _taken;
        _taken += (length + Line - 1) / Line * Line;
        return piece;
    }
}
