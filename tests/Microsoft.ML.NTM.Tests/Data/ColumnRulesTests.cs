using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

/// <summary>What is promised before there is data is what is found in the data, whatever stands in which role.</summary>
[TestClass]
public sealed class ColumnRulesTests
{
    private static readonly PrimitiveDataViewType[] s_items =
    [
        NumberDataViewType.Single, NumberDataViewType.Double, NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64,
        BooleanDataViewType.Instance, TextDataViewType.Instance, new KeyDataViewType(typeof(uint), 3), new KeyDataViewType(typeof(byte), 3),
        DateTimeDataViewType.Instance,
    ];

    [TestMethod]
    [DataRow("feature")]
    [DataRow("label")]
    [DataRow("label of cross-entropy")]
    [DataRow("label of binary cross-entropy")]
    [DataRow("embedded feature")]
    [DataRow("weight")]
    [DataRow("weight of a label per sequence")]
    [DataRow("output length")]
    public void APromisedColumnIsRefusedExactlyWhereARealOneIs(string role)
    {
        int served = 0;
        foreach (DataViewType type in s_items.SelectMany(Shapes))
        {
            DataViewSchema schema = Schema(type);
            string? promised = Fault(() => SequenceShape.Check(SchemaShape.Create(schema), Columns(role)));
            string? found = Fault(() => FormatResolver.Resolve(new OneRow(schema), Columns(role)));

            Assert.AreEqual(promised is null, found is null, $"{role} of {type}: promised {promised ?? "it"}, found {found ?? "it"}");
            served += found is null ? 1 : 0;
            if (found is not null)
                Assert.IsLessThan(400, found.Length);
        }
        Assert.IsInRange(1, 20, served);
    }

    [TestMethod]
    public void ErrorsSayWhatCuresTheColumn()
    {
        Cures("feature", NumberDataViewType.Single,
            "got Single (Concatenate makes a vector of columns, Sequence.Transforms.Pack one of rows)");
        Cures("feature", NumberDataViewType.Double, "got Double (ConvertType makes Single of it; Concatenate makes a vector");
        Cures("feature", new VectorDataViewType(NumberDataViewType.Double), "got Vector<Double, *> (ConvertType makes Single of it)");
        Cures("feature", new VectorDataViewType(TextDataViewType.Instance), "got Vector<String, *> (MapValueToKey makes keys of texts)");
        Cures("label", TextDataViewType.Instance, "got String (MapValueToKey makes classes of texts)");
        Cures("label", NumberDataViewType.Int32, "got Int32 (ConvertType makes Single of it)");
        Cures("weight", NumberDataViewType.Double, "expected Single, scalar or vector, got Double (ConvertType makes Single of it)");
    }

    private static DataViewType[] Shapes(PrimitiveDataViewType item) =>
        [item, new VectorDataViewType(item, 0, 1), new VectorDataViewType(item, 4)];

    private static void Cures(string role, DataViewType type, string expected) => Row.Fails<ArgumentOutOfRangeException>(
        () => SequenceShape.Check(SchemaShape.Create(Schema(type)), Columns(role)), "column 'X'", expected);

    private static SequenceColumns Columns(string role) => role switch
    {
        "feature" => new() { FeatureColumnNames = ["X"], LabelColumnName = "Answer" },
        "embedded feature" => new() { FeatureColumnNames = ["X"], LabelColumnName = "Answer", EmbeddingSize = 2 },
        "label" => new() { LabelColumnName = "X" },
        "label of cross-entropy" => new() { LabelColumnName = "X", Loss = SequenceLoss.CrossEntropy },
        "label of binary cross-entropy" => new() { LabelColumnName = "X", Loss = SequenceLoss.BinaryCrossEntropy },
        "weight" => new() { LabelColumnName = "Answers", ExampleWeightColumnName = "X" },
        "weight of a label per sequence" => new() { LabelColumnName = "Answer", ExampleWeightColumnName = "X" },
        _ => new() { LabelColumnName = "Answers", Alignment = SequenceAlignment.AfterInput, OutputLengthColumnName = "X" },
    };

    private static DataViewSchema Schema(DataViewType type)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 0, 1));
        schema.AddColumn("Answer", NumberDataViewType.Single);
        schema.AddColumn("Answers", new VectorDataViewType(NumberDataViewType.Single, 0, 1));
        schema.AddColumn("X", type);
        return schema.ToSchema();
    }

    private static string? Fault(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (ArgumentOutOfRangeException fault)
        {
            return fault.Message;
        }
    }

    // A view of one row whose values nobody is to read but for vectors' lengths: each has four steps.
    private sealed class OneRow(DataViewSchema schema) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema => schema;

        public long? GetRowCount() => 1;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(schema);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];

        private sealed class Cursor(DataViewSchema schema) : DataViewRowCursor
        {
            private long _position = -1;

            public override long Position => _position;

            public override long Batch => 0;

            public override DataViewSchema Schema => schema;

            public override bool MoveNext() => ++_position == 0;

            public override bool IsColumnActive(DataViewSchema.Column column) => true;

            public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId(0, 0);

            public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => (ref value) => value = value switch
            {
                VBuffer<float> => (TValue)(object)new VBuffer<float>(4, new float[4]),
                VBuffer<bool> => (TValue)(object)new VBuffer<bool>(4, new bool[4]),
                _ => throw new NotSupportedException($"Nobody should read {column.Name}."),
            };
        }
    }
}
