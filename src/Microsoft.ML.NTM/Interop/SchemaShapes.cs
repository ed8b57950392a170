using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Interop;

/// <summary>
/// Columns of a <see cref="SchemaShape"/>: what an estimator promises before it has seen data. ML.NET keeps the constructor internal.
/// </summary>
internal static class SchemaShapes
{
    /// <summary>A column of the given kind and item type; a key where <paramref name="isKey"/>.</summary>
    public static SchemaShape.Column Column(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey = false,
            IEnumerable<SchemaShape.Column>? annotations = null) =>
        new(name, kind, itemType, isKey, annotations is null ? null : new SchemaShape(annotations));

    /// <summary>The shape without any column called like one of <paramref name="added"/>, and with those.</summary>
    public static SchemaShape With(this SchemaShape shape, IEnumerable<SchemaShape.Column> added)
    {
        SchemaShape.Column[] columns = [.. added];
        var hidden = columns.Select(column => column.Name).ToHashSet();
        return new SchemaShape(shape.Where(column => !hidden.Contains(column.Name)).Concat(columns));
    }
}
