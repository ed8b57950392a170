using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.NTM.Data.Packing;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.NTM.Transformers.Steps;

/// <summary>What packing does to a single row of its table: a sequence of one step, without label. Never saved.</summary>
internal sealed class PackStepTransformer(IHostEnvironment environment, PackOptions options)
    : RowToRowTransformerBase(environment.Register(nameof(PackStepTransformer)))
{
    protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(this, options, schema);

    protected override void SaveModel(ModelSaveContext ctx) => throw new NotSupportedException("Steps are packed in memory only.");

    private sealed class Mapper(PackStepTransformer parent, PackOptions options, DataViewSchema table)
        : MapperBase(parent.Host.Register(nameof(Mapper)), table, parent), ISaveAsOnnx
    {
        private readonly PackedColumnType[] _types =
            [.. options.Features.Select(feature => PackedColumnType.Of(table, feature, "feature"))];

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() => [.. _types.Zip(options.Features, (type, feature) =>
            new DataViewSchema.DetachedColumn(feature.Name, new VectorDataViewType(type.Item, 1, type.Width), type.Annotations))];

        protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            HashSet<int> sources = [.. options.Features.Where((_, i) => activeOutput(i)).SelectMany(feature => feature.Sources)
                .Select(name => InputSchema[name].Index)];
            return sources.Contains;
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null!;
            return StepColumn.Create(input, options.Features[iinfo], _types[iinfo].Width) switch
            {
                StepColumn<float> numbers => Getter(numbers),
                StepColumn<uint> keys => Getter(keys),
                StepColumn<bool> flags => Getter(flags),
                StepColumn other => throw new InvalidOperationException($"Columns are not packed as {other.GetType()}."),
            };
        }

        protected override void SaveModel(ModelSaveContext ctx) => parent.SaveModel(ctx);

        bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

        // What is made of a source without an ONNX form is not there; the model behind says so.
        void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx)
        {
            foreach ((DataViewSchema.DetachedColumn column, PackColumn feature) in GetOutputColumnsCore().Zip(options.Features))
            {
                if (!feature.Sources.All(ctx.ContainsColumn))
                    continue;
                string[] sources = [.. feature.Sources.Select(ctx.GetVariableName)];
                string made = ctx.AddIntermediateVariable(column.Type, column.Name);
                OnnxNode node = ctx.CreateNode("Concat", sources, [made], ctx.GetNodeName("Concat"), domain: "");
                node.AddAttribute("axis", 1);
            }
        }

        private static ValueGetter<VBuffer<T>> Getter<T>(StepColumn<T> column)
            where T : unmanaged => (ref VBuffer<T> value) =>
        {
            column.Append();
            VBufferEditor<T> editor = VBufferEditor.Create(ref value, column.Width);
            column.Copy(0, editor.Values);
            column.Discard(1);
            value = editor.Commit();
        };
    }
}
