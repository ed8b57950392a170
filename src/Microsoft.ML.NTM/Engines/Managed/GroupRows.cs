namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>How many rows of a batch run together.</summary>
internal readonly struct GroupRows
{
    // Rows that run together where there are enough of them: what a tile of a matrix product takes at once,
    private const int TileRows = 8;

    // or more where the weights leave the second-level cache at each step, so that more rows share what it takes to read them,
    private const int WideRows = 32, WidestRows = 64, WidestWeights = 512 * 1024;

    // or, where weights stay in that cache, as many as have no more links than this among them: those should stay there too.
    private const int GroupLinks = 128 * 1024;

    // Steps of a group that are scored before the next ones reuse their room; of wide layers few, so that it stays in the cache.
    private const int Scored = 64, WideScored = 4;

    private readonly int _most;

    public GroupRows(NetworkSpec network)
    {
        IsWide = NetworkWeights.IsWide(network);
        ScoredSteps = network.Bidirectional ? int.MaxValue : network.Kind == NetworkKind.Lstm && IsWide ? WideScored : Scored;
        _most = network.Kind switch
        {
            NetworkKind.Lstm when NetworkWeights.OfLayers(network) > WidestWeights => WidestRows,
            NetworkKind.Lstm when IsWide => WideRows,
            NetworkKind.Dnc => IsWide ? TileRows : Math.Clamp(GroupLinks / new DncSizes(network).LinksLength, 1, TileRows),
            _ => TileRows,
        };
    }

    /// <summary>Whether a step of a group is large enough to be shared out among threads.</summary>
    public bool IsWide { get; }

    /// <summary>Steps that are scored at once, at most; all where a sequence is read both ways.</summary>
    public int ScoredSteps { get; }

    /// <summary>Rows of every group but the last, which may have fewer, of a batch of so many.</summary>
    public int Of(int rows)
    {
        if (_most > TileRows)
        {
            int groups = (rows + _most - 1) / _most;
            return (rows + groups - 1) / groups;
        }
        return rows >= 2 * _most ? _most : rows >= _most / 2 ? (rows + 1) / 2 : rows;
    }
}
