using System.Text;

namespace Microsoft.ML.NTM.Tests.Kernels;

/// <summary>
/// Writes the source of the tiles of matrix products: one shape is as good as another, but registers have names, so that each shape is a
/// method of its own.
/// </summary>
internal static class TileSource
{
    private static readonly (int Rows, int Vectors)[] s_tiles =
        [(8, 2), (8, 1), (4, 3), (4, 2), (4, 1), (2, 3), (2, 2), (2, 1), (1, 3), (1, 2), (1, 1)];

    // Those of whole panels at each width, which may fetch what comes next.
    private static readonly (int Rows, int Vectors)[] s_whole = [(8, 2), (4, 3)];

    // Panels that one row is multiplied by at once, and vectors of each.
    private static readonly (int Panels, int Vectors)[] s_rows = [(4, 2), (3, 2), (2, 2), (4, 3), (3, 3), (2, 3)];

    /// <summary>The files by name.</summary>
    public static IEnumerable<(string File, string Text)> Write()
    {
        yield return ("Tiles.cs", Class(fetches: true, Dispatch, text => Shapes(text, 8)));
        yield return ("Tiles.Four.cs", Class(fetches: true, text => Shapes(text, 4)));
        yield return ("Tiles.Few.cs", Class(fetches: false,
            text => Shapes(text, 2), text => Shapes(text, 1)));
        yield return ("Tiles.Row.cs", Class(fetches: false, RowDispatch, Rows));
    }

    private static string Class(bool fetches, params Action<StringBuilder>[] members)
    {
        var text = new StringBuilder();
        text.AppendLine("// Written by TileSource of the tests: run them with UPDATE_TILES set after changing it.");
        text.AppendLine("using System.Runtime.CompilerServices;");
        if (fetches)
            text.AppendLine("using System.Runtime.Intrinsics.X86;");
        text.AppendLine();
        text.AppendLine("namespace Microsoft.ML.NTM.Kernels;");
        text.AppendLine();
        text.AppendLine("/// <summary>");
        text.AppendLine("/// Tiles of matrix products, [rows] x [vectors]: C = A B or C += A B with all of a tile's sums in registers.");
        text.AppendLine("/// Each number of C is summed over k in order.");
        text.AppendLine("/// </summary>");
        text.AppendLine("internal static unsafe partial class Tiles");
        text.AppendLine("{");
        int before = text.Length;
        foreach (Action<StringBuilder> member in members)
            member(text);
        text.Remove(before, Environment.NewLine.Length);
        text.AppendLine("}");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Dispatch(StringBuilder text)
    {
        text.AppendLine();
        text.AppendLine("    /// <summary>The tile of a shape.</summary>");
        text.AppendLine("    [MethodImpl(MethodImplOptions.AggressiveInlining)]");
        text.AppendLine("    public static void Run<V>(in TileOperands tile, int rows, int vectors)");
        text.AppendLine("        where V : struct, ISimd<V>");
        text.AppendLine("    {");
        text.AppendLine("        switch (rows, vectors)");
        text.AppendLine("        {");
        foreach ((int rows, int vectors) in s_tiles)
        {
            text.AppendLine(rows == 1 && vectors == 1 ? "            default:" : $"            case ({rows}, {vectors}):");
            text.AppendLine($"                Tile{rows}x{vectors}<V>(tile);");
            text.AppendLine("                break;");
        }
        text.AppendLine("        }");
        text.AppendLine("    }");
    }

    private static void Shapes(StringBuilder text, int rows)
    {
        foreach ((int _, int vectors) in s_tiles.Where(tile => tile.Rows == rows))
        {
            Tile(text, rows, vectors, ahead: false);
            if (s_whole.Contains((rows, vectors)))
                Tile(text, rows, vectors, ahead: true);
        }
    }

    private static void DeclareSums(StringBuilder text, int rows, int vectors)
    {
        for (int r = 0; r < rows; r++)
            text.AppendLine($"        V {string.Join(", ", Enumerable.Range(0, vectors).Select(v => $"s{r}{v} = V.Broadcast(0f)"))};");
    }

    private static void Tile(StringBuilder text, int rows, int vectors, bool ahead)
    {
        text.AppendLine();
        text.AppendLine("    [MethodImpl(Jit.Optimized)]");
        text.AppendLine($"    private static void Tile{rows}x{vectors}{(ahead ? "Ahead" : "")}<V>(in TileOperands tile)");
        text.AppendLine("        where V : struct, ISimd<V>");
        text.AppendLine("    {");
        text.AppendLine("        int last = tile.Last;");
        for (int r = 0; r < rows; r++)
            text.AppendLine($"        float* c{r} = {(r == 0 ? "tile.C" : $"c{r - 1} + tile.CStride")};");
        DeclareSums(text, rows, vectors);
        text.AppendLine("        if (tile.Add)");
        text.AppendLine("        {");
        for (int r = 0; r < rows; r++)
        {
            for (int v = 0; v < vectors - 1; v++)
                text.AppendLine($"            s{r}{v} = V.Load({At($"c{r}", v)});");
            text.AppendLine($"            s{r}{vectors - 1} = V.LoadFirst({At($"c{r}", vectors - 1)}, last);");
        }
        text.AppendLine("        }");
        text.AppendLine("        float* a = tile.A, b = tile.B;");
        if (rows > 4)
            text.AppendLine("        float* below = a + 4 * tile.ARow;");
        if (ahead)
        {
            text.AppendLine("        float* ahead = tile.Ahead;");
            text.AppendLine("        nint next = tile.AheadStep;");
        }
        text.AppendLine("        nint row = tile.ARow, step = tile.AStep, line = tile.BStep;");
        text.AppendLine("        for (nint k = tile.Depth; k > 0; k--)");
        text.AppendLine("        {");
        if (ahead)
        {
            text.AppendLine("            if (Sse.IsSupported)");
            text.AppendLine("                Sse.Prefetch1(ahead);");
            text.AppendLine("            ahead += next;");
        }
        text.AppendLine($"            V {string.Join(", ", Enumerable.Range(0, vectors).Select(v => $"b{v} = V.Load({At("b", v)})"))};");
        for (int r = 0; r < rows; r++)
        {
            string at = (r % 4) switch { 0 => "0", 1 => "row", int times => $"{times} * row" };
            text.AppendLine($"            V a{r} = V.Broadcast({(r < 4 ? "a" : "below")}[{at}]);");
            for (int v = 0; v < vectors; v++)
                text.AppendLine($"            s{r}{v} = V.Fma(a{r}, b{v}, s{r}{v});");
        }
        text.AppendLine("            a += step;");
        if (rows > 4)
            text.AppendLine("            below += step;");
        text.AppendLine("            b += line;");
        text.AppendLine("        }");
        for (int r = 0; r < rows; r++)
        {
            for (int v = 0; v < vectors - 1; v++)
                text.AppendLine($"        V.Store({At($"c{r}", v)}, s{r}{v});");
            text.AppendLine($"        V.StoreFirst({At($"c{r}", vectors - 1)}, s{r}{vectors - 1}, last);");
        }
        text.AppendLine("    }");
    }

    private static void RowDispatch(StringBuilder text)
    {
        text.AppendLine();
        text.AppendLine("    /// <summary>");
        text.AppendLine("    /// One row times two to four panels, <paramref name=\"panelSize\"/> numbers apart;");
        text.AppendLine("    /// Last counts the numbers of the last panel.");
        text.AppendLine("    /// </summary>");
        text.AppendLine("    [MethodImpl(MethodImplOptions.AggressiveInlining)]");
        text.AppendLine("    public static void RunRow<V>(in TileOperands tile, nint panelSize, int panels)");
        text.AppendLine("        where V : struct, ISimd<V>");
        text.AppendLine("    {");
        text.AppendLine("        switch (panels, V.PanelVectors)");
        text.AppendLine("        {");
        foreach ((int panels, int vectors) in s_rows)
        {
            text.AppendLine((panels, vectors) == s_rows[^1] ? "            default:" : $"            case ({panels}, {vectors}):");
            text.AppendLine($"                Row{panels}x{vectors}<V>(tile, panelSize);");
            text.AppendLine("                break;");
        }
        text.AppendLine("        }");
        text.AppendLine("    }");
    }

    private static void Rows(StringBuilder text)
    {
        foreach ((int panels, int vectors) in s_rows)
            Row(text, panels, vectors);
    }

    // One row alone: its few sums would wait for each other's additions, so panels run side by side.
    private static void Row(StringBuilder text, int panels, int vectors)
    {
        text.AppendLine();
        text.AppendLine("    [MethodImpl(Jit.Optimized)]");
        text.AppendLine($"    private static void Row{panels}x{vectors}<V>(in TileOperands tile, nint panelSize)");
        text.AppendLine("        where V : struct, ISimd<V>");
        text.AppendLine("    {");
        text.AppendLine("        float* a = tile.A, c = tile.C, p0 = tile.B;");
        IEnumerable<string> others = Enumerable.Range(1, panels - 1).Select(p => $"p{p} = p{p - 1} + panelSize");
        text.AppendLine($"        float* {string.Join(", ", others)};");
        text.AppendLine("        int last = tile.Last;");
        DeclareSums(text, panels, vectors);
        text.AppendLine("        if (tile.Add)");
        text.AppendLine("        {");
        int whole = (panels - 1) * vectors;
        foreach ((string sum, int i) in Sums(panels, vectors).Select((sum, i) => (sum, i)))
        {
            text.AppendLine(i < whole ? $"            {sum} = V.Load({At("c", i)});"
                : $"            {sum} = V.LoadFirst({At("c", i)}, {Left(i - whole)});");
        }
        text.AppendLine("        }");
        text.AppendLine("        nint step = tile.AStep;");
        text.AppendLine("        for (nint k = tile.Depth; k > 0; k--)");
        text.AppendLine("        {");
        text.AppendLine("            V left = V.Broadcast(a[0]);");
        for (int p = 0; p < panels; p++)
        {
            for (int v = 0; v < vectors; v++)
                text.AppendLine($"            s{p}{v} = V.Fma(left, V.Load({At($"p{p}", v)}), s{p}{v});");
            text.AppendLine($"            p{p} += {vectors} * V.Count;");
        }
        text.AppendLine("            a += step;");
        text.AppendLine("        }");
        foreach ((string sum, int i) in Sums(panels, vectors).Select((sum, i) => (sum, i)))
        {
            text.AppendLine(i < whole ? $"        V.Store({At("c", i)}, {sum});"
                : $"        V.StoreFirst({At("c", i)}, {sum}, {Left(i - whole)});");
        }
        text.AppendLine("    }");
    }

    // How many numbers of the last panel stand from one of its vectors on: none or less where it ends before.
    private static string Left(int vector) => vector switch
    {
        0 => "last",
        1 => "last - V.Count",
        _ => $"last - {vector} * V.Count",
    };

    private static IEnumerable<string> Sums(int rows, int vectors) =>
        Enumerable.Range(0, rows * vectors).Select(i => $"s{i / vectors}{i % vectors}");

    private static string At(string pointer, int vector) => vector switch
    {
        0 => pointer,
        1 => $"{pointer} + V.Count",
        _ => $"{pointer} + {vector} * V.Count",
    };
}
