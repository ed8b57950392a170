using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Transformers.LookAhead;

namespace Microsoft.ML.NTM;

public sealed partial class SequenceTransformer
{
    /// <summary>
    /// Scored rows: each cursor passes its rows on from one cursor over the input, while another, of the model's columns only, runs ahead
    /// and has batches scored.
    /// </summary>
    private sealed class LookAheadView : ITransformCanSaveOnnx
    {
        private readonly IDataView _input, _rowByRow;
        private readonly SequenceTransformer _parent;
        private readonly LookAheadColumn[] _columns;

        public LookAheadView(IDataView input, IDataView rowByRow, SequenceTransformer parent)
        {
            (_input, _rowByRow, _parent) = (input, rowByRow, parent);
            // ML.NET puts the model's columns last, but for one that hides others of its name: that stands right behind the last of them.
            int next = 0;
            _columns = [.. rowByRow.Schema.Select(column => next < input.Schema.Count && input.Schema[next].Name == column.Name
                ? new LookAheadColumn(next++) : new LookAheadColumn(null))];
        }

        public bool CanShuffle => _input.CanShuffle;

        public DataViewSchema Schema => _rowByRow.Schema;

        public long? GetRowCount() => _input.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            bool[] active = new bool[Schema.Count];
            foreach (DataViewSchema.Column column in columnsNeeded)
                active[column.Index] = true;
            if (!_columns.Where((column, i) => column.Input is null && active[i]).Any())
                return _rowByRow.GetRowCursor(columnsNeeded, rand);

            int? seed = rand?.Next();
            SequenceModelParameters model = _parent.Model;
            DataViewRowCursor ahead =
                _input.GetRowCursor(SequenceSchema.Check(model.Format, _input.Schema, ColumnUse.Scoring), Shuffler(seed));
            DataViewRowCursor rows =
                _input.GetRowCursor(_columns.Where((_, i) => active[i]).SelectMany(column => column.In(_input.Schema)), Shuffler(seed));
            AnswersAhead answers;
            lock (_parent._engineLock)
                answers = new AnswersAhead(ahead, model, _parent._engines);
            return new LookAheadCursor(rows, answers, Schema, _columns, active, model);
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];

        IDataView IDataTransform.Source => _input;

        bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => ((ICanSaveOnnx)_rowByRow).CanSaveOnnx(ctx);

        void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => ((ISaveAsOnnx)_rowByRow).SaveAsOnnx(ctx);

        void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_rowByRow).Save(ctx);

        // Both cursors must go through the rows in the same order.
        private static Random? Shuffler(int? seed) => seed is int known ? new Random(known) : null;
    }
}
