using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Transformers.LookAhead;

/// <summary>
/// The answers to a cursor's rows in their order, scored by the batch ahead of their use. A row that cannot serve says so when its answer
/// is asked for, as it does when rows are scored one by one.
/// </summary>
internal sealed class AnswersAhead : IAnswers
{
    // Enough rows that what an operation costs by itself is shared by many; read a few batches ahead, so that those of a batch are of
    // similar length.
    private const int BatchRows = 64, Batches = 4;

    private readonly DataViewRowCursor _rows;
    private readonly SequenceModelParameters _model;
    private readonly EnginePool _engines;
    private readonly IEngine _engine;
    private readonly SequenceRowReader _reader;
    private readonly RowPool _pool;
    private readonly SequenceBatch _batch;
    private readonly ValueGetter<DataViewRowId> _id;
    private readonly List<DataViewRowId> _ids = [];
    private readonly List<Range> _cuts = [];
    private (int Start, int Count)[] _places = [];
    private float[] _logits = [], _answers = [];
    private ExceptionDispatchInfo? _fault;
    private long _first;
    private int _answered, _current = -1;

    public AnswersAhead(DataViewRowCursor rows, SequenceModelParameters model, EnginePool engines)
    {
        (_rows, _model, _engines) = (rows, model, engines);
        _reader = new SequenceRowReader(rows, model.Format, ColumnUse.Scoring);
        _pool = new RowPool(model.Format, BatchRows, Batches);
        _batch = model.Format.CreateBatch();
        _id = rows.GetIdGetter();
        _engine = engines.Rent();
    }

    /// <summary>Goes to the next row.</summary>
    /// <param name="id">The row that it has to be.</param>
    /// <exception cref="InvalidOperationException">It is another one, or there is none.</exception>
    public void MoveTo(DataViewRowId id)
    {
        if (++_current >= _ids.Count)
            ReadAhead();
        if (_current >= _ids.Count || !_ids[_current].Equals(id))
        {
            throw new InvalidOperationException("The rows to be scored are read ahead, which needs data that gives the same rows in the same order to "
                + $"every reader. Expected row {id} at place {_first + _current}, got {(_current < _ids.Count ? $"row {_ids[_current]}" : "the end of the data")}.");
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits()
    {
        if (_current == _answered)
            _fault!.Throw();
        (int start, int count) = _places[_current];
        return _answers.AsSpan(start, count);
    }

    public void Dispose()
    {
        _rows.Dispose();
        _engines.Return(_engine);
    }

    // The next rows up to the first that cannot serve, and that one.
    private void ReadAhead()
    {
        (_first, _current, _fault) = (_rows.Position + 1, 0, null);
        _ids.Clear();
        try
        {
            _pool.Fill(_rows, _reader, null, taken: KeepId);
        }
        catch (InvalidOperationException fault)
        {
            _fault = ExceptionDispatchInfo.Capture(fault);
            KeepId();
        }
        _answered = _pool.Count;
        Score();
    }

    private void KeepId()
    {
        DataViewRowId id = default;
        _id(ref id);
        _ids.Add(id);
    }

    private void Score()
    {
        if (_places.Length < _answered)
            _places = new (int, int)[_answered];
        _pool.Sort(null);
        _pool.Cut(_cuts);
        int used = 0;
        foreach (Range cut in _cuts)
        {
            BatchWriter.Fill(_batch, _model.Format, _pool[cut]);
            int needed = checked(_batch.Steps * _batch.Rows * _model.Network.OutputSize);
            if (_logits.Length < needed)
                _logits = new float[needed];
            _engine.Score(_batch, _logits);
            for (int row = 0; row < _batch.Rows; row++)
                used = Keep(row, used);
        }
    }

    // A row's answers, one step after the other: [T', O].
    private int Keep(int row, int start)
    {
        int outputs = _model.Network.OutputSize, from = _batch.OutputStarts[row], count = (_batch.Lengths[row] - from) * outputs;
        if (_answers.Length < start + count)
            Array.Resize(ref _answers, Math.Max(start + count, 2 * _answers.Length));
        for (int step = from; step < _batch.Lengths[row]; step++)
            _logits.AsSpan((step * _batch.Rows + row) * outputs, outputs).CopyTo(_answers.AsSpan(start + (step - from) * outputs));
        _places[_batch.RowIds[row] - _first] = (start, count);
        return start + count;
    }
}
