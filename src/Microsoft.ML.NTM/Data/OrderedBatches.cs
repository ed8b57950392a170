namespace Microsoft.ML.NTM.Data;

/// <summary>
/// All rows once, to score or to validate. Rows are read a few batches ahead and, within such a chunk, batched by length; each chunk is
/// finished before the next begins, so whoever needs the rows in order holds one chunk's results and sorts them by
/// <see cref="SequenceBatch.RowIds"/> (places in the view, from 0).
/// </summary>
internal sealed class OrderedBatches : IDisposable
{
    /// <summary>Batches' worth of rows in a chunk unless the caller chooses.</summary>
    public const int DefaultChunkBatches = 8;

    private readonly IDataView _data;
    private readonly SequenceFormat _format;
    private readonly ColumnUse _use;
    private readonly DataViewSchema.Column[] _columns;
    private readonly RowPool _pool;
    private readonly List<Range> _cuts = [];
    private readonly SequenceBatch _batch;
    private readonly DataPasses _passes;
    private DataViewRowCursor? _cursor;
    private SequenceRowReader? _reader;
    private int _next;

    /// <param name="data">The rows.</param>
    /// <param name="format">Their form.</param>
    /// <param name="use">Whether labels are read.</param>
    /// <param name="batchSize">Rows of a batch, at most.</param>
    /// <param name="chunkBatches">Batches' worth of rows in a chunk.</param>
    /// <param name="passes">The data's readings so far; null: there were none, and messages call it data.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another form than <paramref name="format"/>'s.</exception>
    public OrderedBatches(IDataView data, SequenceFormat format, ColumnUse use, int batchSize, int chunkBatches = DefaultChunkBatches,
        DataPasses? passes = null)
    {
        _passes = passes ?? new DataPasses("data");
        _columns = SequenceSchema.Check(format, data.Schema, use);
        _data = data;
        _format = format;
        _use = use;
        _pool = new RowPool(format, batchSize, chunkBatches);
        _batch = format.CreateBatch();
    }

    /// <summary>Fails where data cannot serve: better before training than after.</summary>
    /// <exception cref="InvalidOperationException">There are no rows, or the first cannot serve.</exception>
    public static void RequireRows(IDataView data, SequenceFormat format, string what)
    {
        using var look = new OrderedBatches(data, format, ColumnUse.Training, batchSize: 1, chunkBatches: 1);
        _ = look.Next() ?? throw SequenceErrors.NoRows(what);
    }

    /// <summary>The first row of the current chunk.</summary>
    public long ChunkStart { get; private set; }

    /// <summary>Rows in the current chunk.</summary>
    public int ChunkRows => _pool.Count;

    /// <summary>The next batch, good until the next call; null at the end of the data, after which the next call starts over.</summary>
    /// <exception cref="InvalidOperationException">A row cannot serve.</exception>
    public SequenceBatch? Next()
    {
        if (_next == _cuts.Count && !NextChunk())
            return null;
        BatchWriter.Fill(_batch, _format, _pool[_cuts[_next++]]);
        return _batch;
    }

    public void Dispose() => Close();

    private bool NextChunk()
    {
        _next = 0;
        _cuts.Clear();
        if (_cursor is null)
        {
            _cursor = _passes.Begin(_data, _columns);
            _reader = new SequenceRowReader(_cursor, _format, _use);
            ChunkStart = 0;
        }
        else
        {
            ChunkStart += _pool.Count;
        }
        if (!_passes.Fill(_pool, _cursor, _reader!))
        {
            Close();
            return false;
        }
        _pool.Sort(null);
        _pool.Cut(_cuts);
        return true;
    }

    private void Close()
    {
        _cursor?.Dispose();
        _cursor = null;
    }
}
