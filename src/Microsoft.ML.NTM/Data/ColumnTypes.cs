using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data;

/// <summary>What a column's type tells about a sequence.</summary>
internal static class ColumnTypes
{
    /// <summary>Most keys a column may have: beyond it a single-precision number no longer tells them apart.</summary>
    public const int MaxKeyCount = 1 << 24;

    public static DataViewSchema.Column Find(DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw SequenceErrors.Missing(role, name, schema.Select(column => column.Name));

    public static DataViewType ItemType(DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;

    /// <summary>Values per step where the type has a step dimension and more ([T, D] or [T, D1, D2, ...]), else null.</summary>
    public static int? StepSize(DataViewType type)
    {
        if (type is not VectorDataViewType vector || vector.Dimensions.Length < 2)
            return null;
        long size = 1;
        foreach (int dimension in vector.Dimensions.AsSpan()[1..])
            size = Math.Min(size * dimension, int.MaxValue);
        return size > 0 ? (int)size : null;
    }

    /// <summary>How many keys the column has; 0 where its values are no keys.</summary>
    public static int KeyCount(DataViewSchema.Column column, string role)
    {
        if (ItemType(column.Type) is not KeyDataViewType key)
            return 0;
        if (key.Count > MaxKeyCount)
            throw SequenceErrors.Schema(role, column.Name, $"at most {MaxKeyCount} keys", $"{column.Type}");
        return (int)key.Count;
    }

    /// <summary>Fails where one-hot groups or vectors are too wide for a single step.</summary>
    public static void CheckWidth(DataViewSchema.Column column, string role, long valuesPerStep, int keyCount)
    {
        if (valuesPerStep * Math.Max(keyCount, 1) > MaxKeyCount)
            throw SequenceErrors.Schema(role, column.Name, $"at most {MaxKeyCount} values per step, one per key", $"{column.Type}");
    }

    /// <summary>Fails where a vector of fixed size cannot be cut into whole steps.</summary>
    public static void CheckWholeSteps(DataViewSchema.Column column, string role, int valuesPerStep)
    {
        if (column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.Size % valuesPerStep != 0)
            throw SequenceErrors.Schema(role, column.Name, $"a multiple of {valuesPerStep} values (the step size)", $"{column.Type}");
    }
}
