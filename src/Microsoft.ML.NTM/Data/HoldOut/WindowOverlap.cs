using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data;

/// <summary>
/// An annotation of columns that hold windows of a time series: how many of the following rows share rows of the series with a row, labels
/// included. Whoever splits such rows must leave out as many between the parts.
/// </summary>
internal static class WindowOverlap
{
    /// <summary>The annotation's name.</summary>
    public const string Kind = "WindowOverlap";

    /// <summary>Its type.</summary>
    public static PrimitiveDataViewType Type => NumberDataViewType.Int32;

    /// <summary>
    /// The overlap of windows of so many rows, with labels of so many rows beyond, each so many rows after the one before.
    /// </summary>
    public static int Of(int window, int horizon, int stride) => (int)(((long)window + horizon - 1) / stride);

    /// <summary>The overlap that a column has been given; null where it holds no windows.</summary>
    public static int? Of(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Kind) is not { } annotation || !annotation.Type.Equals(Type))
            return null;
        int overlap = 0;
        column.Annotations.GetValue(Kind, ref overlap);
        return overlap;
    }

    /// <summary>The annotations, and the overlap.</summary>
    public static DataViewSchema.Annotations With(DataViewSchema.Annotations? annotations, int overlap)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (annotations is not null)
            builder.Add(annotations, name => name != Kind);
        builder.Add(Kind, Type, (ref int value) => value = overlap);
        return builder.ToAnnotations();
    }
}
