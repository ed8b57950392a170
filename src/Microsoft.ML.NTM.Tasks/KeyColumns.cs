using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tasks;

/// <summary>Vectors of keys that know the text of their values.</summary>
internal static class KeyColumns
{
    /// <summary>Makes a member a vector of keys, of unknown length or of unknown steps with a known number of keys each.</summary>
    public static void Describe(SchemaDefinition.Column column, ReadOnlyMemory<char>[] values, int keysPerStep = 1)
    {
        var key = new KeyDataViewType(typeof(uint), values.Length);
        column.ColumnType = keysPerStep == 1 ? new VectorDataViewType(key) : new VectorDataViewType(key, 0, keysPerStep);
        column.AddAnnotation("KeyValues", new VBuffer<ReadOnlyMemory<char>>(values.Length, values),
            new VectorDataViewType(TextDataViewType.Instance, values.Length));
    }
}
