using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Conformance;

/// <summary>Small data of every kind that trainers accept: a few sequences of different lengths.</summary>
internal static class SampleData
{
    /// <summary>Forms of feature columns; embedded ones are keys that the trainer is told to embed.</summary>
    public static readonly string[] FeatureKinds = ["numbers", "fixed numbers", "keys", "embedded keys"];

    /// <summary>Forms of label columns.</summary>
    public static readonly string[] LabelKinds = ["vector of Single", "vector of Boolean", "vector of keys", "Single", "Boolean", "key"];

    /// <summary>Rows with columns Features and Label of these forms.</summary>
    public static IDataView Create(MLContext ml, string features, string label)
    {
        int[] lengths = features == "fixed numbers" ? [3, 3, 3, 3, 3] : [3, 1, 5, 2, 3];
        Row[] rows = [.. lengths.Select((steps, i) => new Row
        {
            Numbers = [.. Enumerable.Range(0, steps * 2).Select(j => MathF.Sin(i + j))],
            Words = [.. Enumerable.Range(0, steps).Select(j => (i + j) % 3 == 0 ? "a" : (i + j) % 3 == 1 ? "b" : "c")],
            Targets = [.. Enumerable.Range(0, steps).Select(j => (i + j) % 4 == 0 ? float.NaN : (i * j) % 2)],
            Flags = [.. Enumerable.Range(0, steps).Select(j => (i + j) % 2 == 0)],
            Target = i % 2,
            Flag = i % 2 == 0,
            Word = i % 2 == 0 ? "odd" : "even",
        })];
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Numbers)].ColumnType = features == "fixed numbers"
            ? new VectorDataViewType(NumberDataViewType.Single, 3, 2)
            : new VectorDataViewType(NumberDataViewType.Single, 0, 2);
        IDataView data = ml.Data.LoadFromEnumerable(rows, schema);
        (string from, bool key) = label switch
        {
            "vector of Single" => (nameof(Row.Targets), false),
            "vector of Boolean" => (nameof(Row.Flags), false),
            "vector of keys" => (nameof(Row.Words), true),
            "Single" => (nameof(Row.Target), false),
            "Boolean" => (nameof(Row.Flag), false),
            _ => (nameof(Row.Word), true),
        };
        IEstimator<ITransformer> columns = features.EndsWith("keys", StringComparison.Ordinal)
            ? ml.Transforms.Conversion.MapValueToKey("Features", nameof(Row.Words))
            : ml.Transforms.CopyColumns("Features", nameof(Row.Numbers));
        IEstimator<ITransformer> labels = key ? ml.Transforms.Conversion.MapValueToKey("Label", from)
            : ml.Transforms.CopyColumns("Label", from);
        IDataView all = columns.Append(labels).Fit(data).Transform(data);
        return ml.Transforms.SelectColumns("Features", "Label").Fit(all).Transform(all);
    }

    private sealed class Row
    {
        public float[] Numbers { get; set; } = [];
        public string[] Words { get; set; } = [];
        public float[] Targets { get; set; } = [];
        public bool[] Flags { get; set; } = [];
        public float Target { get; set; }
        public bool Flag { get; set; }
        public string Word { get; set; } = "";
    }
}
