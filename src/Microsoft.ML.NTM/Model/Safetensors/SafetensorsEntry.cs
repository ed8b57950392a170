namespace Microsoft.ML.NTM.Model.Safetensors;

/// <summary>One tensor as a safetensors header describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its number format: F64, F32, F16, BF16 or one that is not read here.</param>
/// <param name="Shape">Its sizes, outermost first; none for a single number.</param>
/// <param name="Begin">Its first byte, counted from the end of the header.</param>
/// <param name="End">The byte after its last.</param>
internal sealed record SafetensorsEntry(string Name, string Type, long[] Shape, long Begin, long End)
{
    private const int MostSizes = 4;

    /// <summary>Bytes per number, by the format's names; 0 for an unknown one.</summary>
    internal static int ElementSize(string type) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" or "F8_E5M2" or "F8_E4M3" => 1,
        _ => 0,
    };

    /// <summary>Whether the numbers can become float32.</summary>
    internal bool IsFloat => Type is "F64" or "F32" or "F16" or "BF16";

    /// <summary>Whether the shape is this one.</summary>
    internal bool Has(IReadOnlyList<int> shape)
    {
        bool same = Shape.Length == shape.Count;
        for (int i = 0; same && i < Shape.Length; i++)
            same = Shape[i] == shape[i];
        return same;
    }

    /// <summary>The shape for messages: <c>[2, 3]</c>.</summary>
    internal string ShapeText => TextOf(Shape);

    /// <summary>The name for messages.</summary>
    internal string NameText => Quoted.Text(Name);

    /// <summary>A shape for messages: its first few sizes.</summary>
    internal static string TextOf<T>(IReadOnlyList<T> shape) =>
        $"[{string.Join(", ", shape.Take(MostSizes))}{(shape.Count > MostSizes ? ", ..." : "")}]";
}
