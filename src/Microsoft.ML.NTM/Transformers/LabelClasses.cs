using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>
/// What a key label's classes are called: the values of its KeyValues annotation, in key order, as ML.NET's MapKeyToValue wants them back.
/// </summary>
internal sealed class LabelClasses
{
    private readonly PrimitiveDataViewType _type;
    private readonly object[] _values;

    private LabelClasses(PrimitiveDataViewType type, object[] values)
    {
        _type = type;
        _values = values;
    }

    /// <summary>How many there are.</summary>
    public int Count => _values.Length;

    /// <summary>Whether the classes are texts, which makes them slot names too.</summary>
    public bool AreTexts => _type is TextDataViewType;

    /// <summary>The classes of a label column; null where it has no KeyValues.</summary>
    public static LabelClasses? Of(DataViewSchema.Column label)
    {
        if (label.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type is not VectorDataViewType type)
            return null;
        return Known.TryGetValue(type.ItemType.RawType, out Kind? kind)
            ? new LabelClasses(kind.Type, kind.Read(label.Annotations))
            : null;
    }

    /// <summary>Adds the classes to annotations under <paramref name="name"/> (KeyValues, TrainingLabelValues or SlotNames).</summary>
    public void AddTo(DataViewSchema.Annotations.Builder annotations, string name) => Known[_type.RawType].Add(annotations, name, _values);

    /// <summary>The classes as texts that <see cref="Parse"/> reads back exactly.</summary>
    public (string Type, string[] Values) Format() =>
        (Known[_type.RawType].Name, [.. _values.Select(value => value is float or double
            ? ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture)
            : Convert.ToString(value, CultureInfo.InvariantCulture)!)]);

    /// <summary>What <see cref="Format"/> wrote.</summary>
    /// <exception cref="FormatException">The type is not known or a value is not one of it.</exception>
    public static LabelClasses Parse(string type, string[] values)
    {
        Kind kind = Known.Values.FirstOrDefault(known => known.Name == type)
            ?? throw new FormatException($"Classes of type '{Model.Quoted.Text(type)}' are not known.");
        return new LabelClasses(kind.Type, [.. values.Select(kind.Parse)]);
    }

    // Every item type that MapValueToKey makes keys of, but for dates.
    private static readonly Dictionary<Type, Kind> Known = new()
    {
        [typeof(ReadOnlyMemory<char>)] = new Kind<ReadOnlyMemory<char>>("text", TextDataViewType.Instance, text => text.AsMemory()),
        [typeof(bool)] = new Kind<bool>("bool", BooleanDataViewType.Instance, bool.Parse),
        [typeof(float)] = new Kind<float>("float", NumberDataViewType.Single, text => float.Parse(text, CultureInfo.InvariantCulture)),
        [typeof(double)] = new Kind<double>("double", NumberDataViewType.Double, text => double.Parse(text, CultureInfo.InvariantCulture)),
        [typeof(sbyte)] = new Kind<sbyte>("sbyte", NumberDataViewType.SByte, text => sbyte.Parse(text, CultureInfo.InvariantCulture)),
        [typeof(byte)] = new Kind<byte>("byte", NumberDataViewType.Byte, text => byte.Parse(text, CultureInfo.InvariantCulture)),
        [typeof(short)] = new Kind<short>("short", NumberDataViewType.Int16, text => short.Parse(text, CultureInfo.InvariantCulture)),
        [typeof(ushort)] = new Kind<ushort>("ushort", NumberDataViewType.UInt16, text => ushort.Parse(text, CultureInfo.InvariantCulture)),
        [typeof(int)] = new Kind<int>("int", NumberDataViewType.Int32, text => int.Parse(text, CultureInfo.InvariantCulture)),
        [typeof(uint)] = new Kind<uint>("uint", NumberDataViewType.UInt32, text => uint.Parse(text, CultureInfo.InvariantCulture)),
        [typeof(long)] = new Kind<long>("long", NumberDataViewType.Int64, text => long.Parse(text, CultureInfo.InvariantCulture)),
        [typeof(ulong)] = new Kind<ulong>("ulong", NumberDataViewType.UInt64, text => ulong.Parse(text, CultureInfo.InvariantCulture)),
    };

    private abstract class Kind(string name, PrimitiveDataViewType type)
    {
        public string Name { get; } = name;
        public PrimitiveDataViewType Type { get; } = type;
        public abstract object[] Read(DataViewSchema.Annotations annotations);
        public abstract void Add(DataViewSchema.Annotations.Builder annotations, string name, object[] values);
        public abstract object Parse(string text);
    }

    private sealed class Kind<T>(string name, PrimitiveDataViewType type, Func<string, T> parse) : Kind(name, type)
        where T : notnull
    {
        public override object[] Read(DataViewSchema.Annotations annotations)
        {
            VBuffer<T> values = default;
            annotations.GetValue(AnnotationKinds.KeyValues, ref values);
            return [.. values.DenseValues().Select(Boxed)];
        }

        public override void Add(DataViewSchema.Annotations.Builder annotations, string name, object[] values)
        {
            var buffer = new VBuffer<T>(values.Length, [.. values.Select(Unboxed)]);
            annotations.Add(name, new VectorDataViewType(Type, values.Length), (ref VBuffer<T> value) => buffer.CopyTo(ref value));
        }

        public override object Parse(string text) => Boxed(parse(text));

        // A text is held as a string: a box around it would take as much again.
        private static object Boxed(T value) => value is ReadOnlyMemory<char> text ? text.ToString() : value;

        private T Unboxed(object value) => value is string text ? parse(text) : (T)value;
    }
}
