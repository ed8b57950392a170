namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>How many rows of a batch run together.</summary>
internal readonly struct GroupRows
{
    // Rows that run together where there are enough of them: what a tile of a matrix product takes at once,
    private const int TileRows = 8;

    // or more where the weights leave the second-level cache at each step, so that more rows share what it takes to read them,
    private const int WideWeights = 128 * 1024, WideRows = 32;

    // or as many as have this many links among them, which the second-level cache holds a few times.
    private const int GroupLinks = 32 * 1024;

    private readonly int _most;

    public GroupRows(NetworkSpec network)
    {
        long gates = network.Controller == ControllerKind.Lstm ? 4L * network.ControllerSize : network.ControllerSize;
        IsWide = gates * (network.ReadSize + network.HiddenSize) > WideWeights;
        _most = network.Kind switch
        {
            NetworkKind.Lstm when IsWide => WideRows,
            NetworkKind.Dnc => Math.Clamp(GroupLinks / new DncSizes(network).LinksLength, 1, TileRows),
            _ => TileRows,
        };
    }

    /// <summary>Whether a step of a group is large enough to be shared out among threads.</summary>
    public bool IsWide { get; }

    /// <summary>Rows of every group but the last, which may have fewer, of a batch of so many.</summary>
    public int Of(int rows)
    {
        if (_most == WideRows)
        {
            int groups = (rows + WideRows - 1) / WideRows;
            return (rows + groups - 1) / groups;
        }
        return rows >= 2 * _most ? _most : rows >= _most / 2 ? (rows + 1) / 2 : rows;
    }
}
