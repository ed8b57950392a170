using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Data;

/// <summary>A row with a column of every kind; tests fill what they need.</summary>
public sealed class Row
{
    public float[] Features { get; set; } = [];

    public float[] More { get; set; } = [];

    [KeyType(4)]
    public uint[] Tokens { get; set; } = [];

    public float[] Label { get; set; } = [];

    public bool[] Flags { get; set; } = [];

    [KeyType(3)]
    public uint[] Classes { get; set; } = [];

    public float Number { get; set; }

    public bool Flag { get; set; }

    /// <summary>Counted from 0: ML.NET reads a scalar key property so, unlike the vectors' raw keys, where 0 is the missing one.</summary>
    [KeyType(3)]
    public uint Class { get; set; }

    public float Weight { get; set; } = 1f;

    public int Answers { get; set; } = 1;

    public string Text { get; set; } = "";

    /// <summary>The rows as a view, with the types of some columns replaced.</summary>
    public static IDataView View(IEnumerable<Row> rows, params (string Column, DataViewType Type)[] types)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        foreach ((string column, DataViewType type) in types)
            schema[column].ColumnType = type;
        return new MLContext(1).Data.LoadFromEnumerable(rows, schema);
    }

    /// <summary>T steps of so many numbers each, T unknown.</summary>
    public static VectorDataViewType Steps(int perStep) => new(NumberDataViewType.Single, 0, perStep);

    /// <summary>Asserts that an action fails with an error whose message has all the parts.</summary>
    public static void Fails<TException>(Action action, params string[] parts)
        where TException : Exception
    {
        TException error = Assert.ThrowsExactly<TException>(action);
        foreach (string part in parts)
            StringAssert.Contains(error.Message, part);
    }
}
