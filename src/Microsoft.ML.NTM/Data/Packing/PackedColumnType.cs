using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data.Packing;

/// <summary>What a packed column holds in each step.</summary>
/// <param name="Item">The type of one value.</param>
/// <param name="Width">Values per step.</param>
/// <param name="IsScalar">Whether the source is one scalar column.</param>
/// <param name="Annotations">Key values, where the values are keys.</param>
internal sealed record PackedColumnType(PrimitiveDataViewType Item, int Width, bool IsScalar, DataViewSchema.Annotations? Annotations)
{
    /// <exception cref="ArgumentOutOfRangeException">A source is missing or has a type that cannot be packed.</exception>
    public static PackedColumnType Of(DataViewSchema table, PackColumn column, string role)
    {
        PrimitiveDataViewType? item = null;
        DataViewSchema.Annotations? annotations = null;
        int width = 0;
        bool scalar = column.Sources.Count == 1;
        foreach (string name in column.Sources)
        {
            DataViewSchema.Column source = ColumnTypes.Find(table, role, name);
            DataViewType type = ColumnTypes.ItemType(source.Type);
            int keyCount = ColumnTypes.KeyCount(source, role);
            bool fits = type.Equals(NumberDataViewType.Single) || column.Sources.Count == 1
                && type is BooleanDataViewType or KeyDataViewType;
            if (!fits || source.Type is VectorDataViewType { IsKnownSize: false })
                throw SequenceErrors.Schema(role, name, Accepted(column, type), $"{source.Type}");
            item = keyCount > 0 ? new KeyDataViewType(typeof(uint), keyCount) : (PrimitiveDataViewType)type;
            annotations = keyCount > 0 ? source.Annotations : null;
            scalar &= source.Type is not VectorDataViewType;
            width += source.Type is VectorDataViewType vector ? vector.Size : 1;
        }
        return new PackedColumnType(item!, width, scalar, annotations);
    }

    /// <summary>The same, telling how far windows overlap where it holds windows.</summary>
    public PackedColumnType WithOverlap(PackOptions options) => options.Window is int window
        ? this with { Annotations = WindowOverlap.With(Annotations, WindowOverlap.Of(window, options.Horizon, options.Stride)) } : this;

    /// <summary>The same, telling which source each value of a step comes from.</summary>
    public PackedColumnType WithOrigin(DataViewSchema table, PackColumn column) => this with
    {
        Annotations = PackedOrigin.With(Annotations, [.. column.Sources.SelectMany(name => table[name].Type is VectorDataViewType vector
            ? Enumerable.Range(0, vector.Size).Select(i => FormattableString.Invariant($"{name}[{i}]")) : [name])]),
    };

    /// <summary>Adds a column of steps: [steps, width], the first unknown where <paramref name="steps"/> is null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There would be more values than a sequence can have.</exception>
    public void AddSteps(DataViewSchema.Builder builder, string name, int? steps, DataViewSchema.Annotations? annotations = null)
    {
        if ((long)(steps ?? 0) * Width > SequenceRowReader.MaxValues)
            throw SequenceErrors.Schema("packed", name, $"at most {SequenceRowReader.MaxValues} values",
                $"{steps} steps of {Width} values");
        builder.AddColumn(name, new VectorDataViewType(Item, steps ?? 0, Width), annotations ?? Annotations);
    }

    /// <summary>Adds a column of one step: a scalar where the source is one, else a vector.</summary>
    public void AddOne(DataViewSchema.Builder builder, string name) =>
        builder.AddColumn(name, IsScalar ? Item : new VectorDataViewType(Item, Width), Annotations);

    /// <summary>What a source may be, and what makes it so of one with items of <paramref name="came"/>.</summary>
    public static string Accepted(PackColumn column, DataViewType came)
    {
        bool alone = column.Sources.Count == 1;
        string cure = came switch
        {
            TextDataViewType => alone ? "; MapValueToKey makes keys of texts" : "; OneHotEncoding makes Single of texts",
            KeyDataViewType when !alone => "; OneHotEncoding makes Single of keys, or give them a feature column of their own",
            BooleanDataViewType or NumberDataViewType when !came.Equals(NumberDataViewType.Single) => "; ConvertType makes Single of it",
            _ => "",
        };
        return (alone ? "Single, Boolean or a key, scalar or of fixed size" : "Single, scalar or of fixed size, beside others") + cure;
    }
}
