using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.NTM;

/// <summary>A column that a stage of a forecasting pipeline makes of a row's vectors.</summary>
/// <param name="Name">The new column.</param>
/// <param name="Type">Its type.</param>
/// <param name="Annotations">Its annotations, or null.</param>
/// <param name="Sources">The columns it is made of, of Single.</param>
/// <param name="Compute">Makes the new values of the sources'.</param>
internal sealed record SeriesColumn(
    string Name, DataViewType Type, DataViewSchema.Annotations? Annotations, string[] Sources,
    Action<ReadOnlyMemory<float>[], VectorRoom> Compute);

/// <summary>Gives room for the values of a vector.</summary>
internal delegate Span<float> VectorRoom(int count);

/// <summary>What both of a forecasting pipeline's own stages are: some new columns of Single, each made of a row's vectors.</summary>
internal abstract class SeriesStage : RowToRowTransformerBase
{
    protected SeriesStage(IHostEnvironment environment, string name)
        : base(environment.Register(name))
    {
    }

    /// <summary>The new columns for data of a schema.</summary>
    protected abstract SeriesColumn[] Columns(DataViewSchema schema);

    protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, schema, Columns(schema));

    /// <summary>A vector of fixed size whose last dimension is the values per step.</summary>
    protected static VectorDataViewType Steps(DataViewSchema schema, string role, string name)
    {
        DataViewSchema.Column column = ColumnTypes.Find(schema, role, name);
        return column.Type is VectorDataViewType { IsKnownSize: true, Dimensions.Length: 2 } vector
            && vector.ItemType.Equals(NumberDataViewType.Single)
            ? vector : throw SequenceErrors.Schema(role, name, "steps of Single, as packing makes them (Vector<Single, T, D>)",
                $"{column.Type}");
    }

    private sealed class Mapper(SeriesStage parent, DataViewSchema schema, SeriesColumn[] columns)
        : MapperBase(parent.Host.Register(nameof(Mapper)), schema, parent)
    {
        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() =>
            [.. columns.Select(column => new DataViewSchema.DetachedColumn(column.Name, column.Type, column.Annotations))];

        protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            HashSet<int> sources = [.. columns.Where((_, i) => activeOutput(i)).SelectMany(column => column.Sources)
                .Select(name => InputSchema[name].Index)];
            return sources.Contains;
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null!;
            SeriesColumn column = columns[iinfo];
            ValueGetter<VBuffer<float>>[] getters = [.. column.Sources.Select(name => input.GetGetter<VBuffer<float>>(input.Schema[name]))];
            var buffers = new VBuffer<float>[getters.Length];
            float[][] dense = [.. getters.Select(_ => Array.Empty<float>())];
            var values = new ReadOnlyMemory<float>[getters.Length];
            float[] made = [];
            int count = 0;
            Span<float> Room(int wanted)
            {
                if (made.Length < wanted)
                    made = new float[wanted];
                count = wanted;
                return made.AsSpan(0, wanted);
            }
            return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                for (int i = 0; i < getters.Length; i++)
                {
                    getters[i](ref buffers[i]);
                    if (dense[i].Length < buffers[i].Length)
                        dense[i] = new float[buffers[i].Length];
                    buffers[i].CopyTo(dense[i]);
                    values[i] = dense[i].AsMemory(0, buffers[i].Length);
                }
                column.Compute(values, Room);
                VBufferEditor<float> editor = VBufferEditor.Create(ref value, count);
                made.AsSpan(0, count).CopyTo(editor.Values);
                value = editor.Commit();
            });
        }

        protected override void SaveModel(ModelSaveContext ctx) => parent.SaveModel(ctx);
    }
}
