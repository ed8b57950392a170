using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>Tiles that fetch what is far away while they work, for the tiles after them.</summary>
internal static unsafe partial class Tiles
{
    /// <summary>Whether there is such a tile of whole panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool FetchesAhead<V>()
        where V : struct, ISimd<V> =>
        (V.TileRows, V.PanelVectors) is (8, 2) or (4, 3);

    /// <summary>How many cache lines a panel is wide, a part of one included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LinesOfPanel<V>()
        where V : struct, ISimd<V> =>
        (V.PanelVectors * V.Count + TileOperands.CacheLine - 1) / TileOperands.CacheLine;

    /// <summary>A tile of whole panels, as many rows as fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RunAhead<V>(in TileOperands tile)
        where V : struct, ISimd<V>
    {
        if (V.PanelVectors == 2)
            Tile8x2Ahead<V>(tile);
        else
            Tile4x3Ahead<V>(tile);
    }
}
