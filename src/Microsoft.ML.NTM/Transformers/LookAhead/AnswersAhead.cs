using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Transformers.LookAhead;

/// <summary>
/// A cursor's rows in their order, read and scored by the batch ahead of their use. A row that cannot serve says so when its answer is
/// asked for, as it does when rows are scored one by one; a cursor that fails does so after the rows before.
/// </summary>
internal sealed class AnswersAhead : IAnswers
{
    // Enough rows that what an operation costs by itself is shared by many; read a few batches ahead, so that those of a batch are of
    // similar length.
    private const int BatchRows = 64, Batches = 4;

    private readonly DataViewRowCursor _rows;
    private readonly SequenceModelParameters _model;
    private readonly EnginePool _engines;
    private readonly MemoryLimit _limit;
    private readonly IEngine _engine;
    private readonly SequenceRowReader _reader;
    private readonly RowPool _pool;
    private readonly SequenceBatch _batch;
    private readonly KeptColumn[] _kept;
    private readonly ValueGetter<DataViewRowId> _id;
    private readonly List<DataViewRowId> _ids = [];
    private readonly List<Range> _cuts = [];
    private (int Start, int Count)[] _places = [];
    private float[] _logits = [], _answers = [];
    private ExceptionDispatchInfo? _fault, _failure;
    private readonly List<long> _positions = [];
    private long _first, _before;
    private int _answered;
    private bool _isOver;

    /// <param name="rows">The rows, which are disposed with this.</param>
    /// <param name="model">What scores them.</param>
    /// <param name="engines">Where an engine comes from.</param>
    /// <param name="limit">What they refuse.</param>
    /// <param name="kept">What else is kept of them.</param>
    public AnswersAhead(DataViewRowCursor rows, SequenceModelParameters model, EnginePool engines, MemoryLimit limit, KeptColumn[] kept)
    {
        (_rows, _model, _engines, _limit, _kept) = (rows, model, engines, limit, kept);
        _reader = new SequenceRowReader(rows, model.Format, ColumnUse.Scoring, limit.RequireScoring);
        _pool = new RowPool(model.Format, BatchRows, Batches);
        _batch = model.Format.CreateBatch();
        _id = rows.GetIdGetter();
        _engine = engines.Rent();
    }

    /// <summary>The place among the rows read ahead of the one that was moved to; -1 before the first and after the last.</summary>
    public int Current { get; private set; } = -1;

    /// <summary>The row's place among all.</summary>
    public long Position => Current < 0 ? -1 : _first + Current;

    /// <summary>The row's name.</summary>
    public DataViewRowId Id => Current >= 0 ? _ids[Current] : throw new InvalidOperationException("The cursor stands on no row.");

    /// <summary>Goes to the next row; false where there is none.</summary>
    public bool MoveNext()
    {
        if (_isOver)
            return false;
        if (++Current < _ids.Count)
            return true;
        _failure?.Throw();
        ReadAhead();
        _isOver = _ids.Count == 0;
        if (_isOver)
            Current = -1;
        return !_isOver;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits()
    {
        if (Current == _answered)
            _fault!.Throw();
        (int start, int count) = _places[Current];
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
        (_first, _before, Current, _fault) = (_first + _ids.Count, _rows.Position, 0, null);
        _ids.Clear();
        _positions.Clear();
        try
        {
            _pool.Fill(_rows, _reader, null, taken: Keep);
        }
        catch (Exception fault)
        {
            Hold(ExceptionDispatchInfo.Capture(fault));
        }
        _answered = _pool.Count;
        Score();
    }

    // Either the row that the cursor came to cannot serve, or the cursor did not come to one.
    private void Hold(ExceptionDispatchInfo fault)
    {
        if (_rows.Position != (_positions.Count > 0 ? _positions[^1] : _before))
        {
            _fault = fault;
            Keep();
            return;
        }
        _failure = fault;
        if (_ids.Count == 0)
            fault.Throw();
    }

    // What whoever reads the rows asks for beside the answers.
    private void Keep()
    {
        DataViewRowId id = default;
        _id(ref id);
        foreach (KeptColumn column in _kept)
            column.Keep(_ids.Count);
        _ids.Add(id);
        _positions.Add(_rows.Position);
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
            for (ReadOnlySpan<SequenceRow> rows = _pool[cut]; !rows.IsEmpty;)
            {
                int together = _limit.RowsTogether(rows);
                used = Score(rows[..together], used);
                rows = rows[together..];
            }
        }
    }

    private int Score(ReadOnlySpan<SequenceRow> rows, int used)
    {
        BatchWriter.Fill(_batch, _model.Format, rows);
        int needed = checked(_batch.Steps * _batch.Rows * _model.Network.OutputSize);
        if (_logits.Length < needed)
            _logits = new float[needed];
        _engine.Score(_batch, _logits);
        for (int row = 0; row < _batch.Rows; row++)
            used = Keep(row, used);
        return used;
    }

    // A row's answers, one step after the other: [T', O].
    private int Keep(int row, int start)
    {
        int outputs = _model.Network.OutputSize, from = _batch.OutputStarts[row], count = (_batch.Lengths[row] - from) * outputs;
        if (_answers.Length < start + count)
            Array.Resize(ref _answers, Math.Max(start + count, 2 * _answers.Length));
        for (int step = from; step < _batch.Lengths[row]; step++)
            _logits.AsSpan((step * _batch.Rows + row) * outputs, outputs).CopyTo(_answers.AsSpan(start + (step - from) * outputs));
        _places[_positions.BinarySearch(_batch.RowIds[row])] = (start, count);
        return start + count;
    }
}
