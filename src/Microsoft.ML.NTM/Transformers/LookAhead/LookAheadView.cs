using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Transformers;
using Microsoft.ML.NTM.Transformers.LookAhead;

namespace Microsoft.ML.NTM;

public sealed partial class SequenceTransformer
{
    /// <summary>
    /// Scored rows: each cursor reads its input once, some rows ahead of whoever reads the result, and has them scored by the batch; it
    /// keeps what else was asked for of them.
    /// </summary>
    private sealed class LookAheadView : ITransformCanSaveOnnx
    {
        private readonly IDataView _input, _rowByRow;
        private readonly SequenceTransformer _parent;

        // Where each column comes from: the input's column of that index, or the model.
        private readonly int?[] _sources;

        public LookAheadView(IDataView input, IDataView rowByRow, SequenceTransformer parent)
        {
            (_input, _rowByRow, _parent) = (input, rowByRow, parent);
            // ML.NET puts the model's columns last, but for one that hides others of its name: that stands right behind the last of them.
            int next = 0;
            _sources = [.. rowByRow.Schema.Select(column =>
                next < input.Schema.Count && input.Schema[next].Name == column.Name ? next++ : (int?)null)];
        }

        public bool CanShuffle => _input.CanShuffle;

        public DataViewSchema Schema => _rowByRow.Schema;

        public long? GetRowCount() => _input.GetRowCount();

        // Where no answer is asked for, or something that cannot be kept, as a picture, rows are taken one by one.
        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            DataViewSchema.Column[] needed = [.. columnsNeeded.DistinctBy(column => column.Index)];
            DataViewSchema.Column[] passedOn = [.. needed.Where(column => _sources[column.Index] is not null)];
            bool asked = needed.Any(column => _sources[column.Index] is null);
            return asked && passedOn.All(column => KeptColumn.CanKeep(column.Type)) ? ReadAhead(needed, passedOn, rand)
                : _rowByRow.GetRowCursor(needed, rand);
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];

        IDataView IDataTransform.Source => _input;

        bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => ((ICanSaveOnnx)_rowByRow).CanSaveOnnx(ctx);

        void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => ((ISaveAsOnnx)_rowByRow).SaveAsOnnx(ctx);

        void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_rowByRow).Save(ctx);

        private LookAheadCursor ReadAhead(DataViewSchema.Column[] needed, DataViewSchema.Column[] passedOn, Random? rand)
        {
            SequenceModelParameters model = _parent.Model;
            IEnumerable<DataViewSchema.Column> inputs = SequenceSchema.Check(model.Format, _input.Schema, ColumnUse.Scoring);
            inputs = inputs.Concat(passedOn.Select(InputOf)).DistinctBy(column => column.Index);
            DataViewRowCursor cursor = _input.GetRowCursor(inputs, rand);
            try
            {
                var kept = passedOn.ToDictionary(column => column.Index, column => KeptColumn.Create(cursor, InputOf(column)));
                AnswersAhead rows;
                lock (_parent._engineLock)
                    rows = new AnswersAhead(cursor, model, _parent._batchEngines, _parent._batchEngine.Limit, [.. kept.Values]);
                var getters = new Delegate?[Schema.Count];
                foreach (DataViewSchema.Column column in needed)
                {
                    getters[column.Index] = kept.TryGetValue(column.Index, out KeptColumn? values) ? values.GetterAt(rows)
                        : AnswerGetters.Create(column.Name, rows, model);
                }
                return new LookAheadCursor(rows, Schema, getters);
            }
            catch
            {
                cursor.Dispose();
                throw;
            }
        }

        private DataViewSchema.Column InputOf(DataViewSchema.Column column) => _input.Schema[_sources[column.Index]!.Value];
    }
}
