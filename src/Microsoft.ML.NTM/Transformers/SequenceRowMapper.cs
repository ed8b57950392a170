using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM;

public sealed partial class SequenceTransformer
{
    /// <summary>Binds the model to one schema: ML.NET's own row-to-row machinery does the cursors.</summary>
    private sealed class RowMapper : MapperBase, ISaveAsOnnx
    {
        private readonly SequenceTransformer _parent;
        private readonly DataViewSchema.DetachedColumn[] _outputs;
        private readonly int[] _inputs;
        private readonly IDataView? _source;

        public RowMapper(SequenceTransformer parent, DataViewSchema schema, IDataView? source = null)
            : base(parent.Host.Register(nameof(RowMapper)), schema, parent)
        {
            (_parent, _source) = (parent, source);
            _inputs = Array.ConvertAll(SequenceSchema.Check(parent.Model.Format, schema, ColumnUse.Scoring), column => column.Index);
            _outputs = AnswerColumns.Build(parent.Model, schema);
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() => _outputs;

        protected override Func<int, bool> GetDependenciesCore(Func<int, bool> activeOutput)
        {
            bool any = IsAny(activeOutput);
            return column => any && Array.IndexOf(_inputs, column) >= 0;
        }

        // All outputs of a row come from one run of the network.
        public override Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer)
        {
            var getters = new Delegate[_outputs.Length];
            disposer = null!;
            if (!IsAny(activeOutput))
                return getters;
            IAnswers answers = _parent.CreateAnswers(input);
            for (int i = 0; i < getters.Length; i++)
            {
                if (activeOutput(i))
                    getters[i] = AnswerGetters.Create(_outputs[i].Name, answers, _parent.Model);
            }
            disposer = answers.Dispose;
            return getters;
        }

        private bool IsAny(Func<int, bool> activeOutput)
        {
            bool any = false;
            for (int i = 0; i < _outputs.Length; i++)
                any |= activeOutput(i);
            return any;
        }

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action disposer) =>
            CreateGetters(input, output => output == iinfo, out disposer)[iinfo];

        protected override void SaveModel(ModelSaveContext ctx) => _parent.SaveModel(ctx);

        // ML.NET would drop what says no, with a warning, and write a graph without it; an error that says why is raised instead.
        bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

        void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx)
        {
            ISequenceOnnxWriter writer = _parent.OnnxWriter ?? SequenceOnnxWriters.Find();
            OnnxUpstream.Check(_source, ctx);
            writer.Write(ctx, _parent.Model, _outputs);
        }
    }
}
