using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data;

/// <summary>
/// Endless batches to train on, epoch after epoch, each row once per epoch. Rows are streamed through a shuffle pool: within it they are
/// sorted by length and cut into batches (so that little is padding), and the batches are shuffled. A view that can shuffle itself is
/// asked to, anew for each epoch. The same seed gives the same batches.
/// </summary>
/// <remarks>
/// A row is named by its place in the view, or, in a view that shuffles, by its <see cref="DataViewRowId"/>, which for rows held in
/// memory is its place before shuffling.
/// </remarks>
internal sealed class TrainingBatches : IDisposable
{
    /// <summary>Batches' worth of rows in the pool unless the caller chooses.</summary>
    public const int DefaultPoolBatches = 64;

    private readonly IDataView _data;
    private readonly SequenceFormat _format;
    private readonly DataViewSchema.Column[] _columns;
    private readonly Random _random;
    private readonly RowPool _pool;
    private readonly List<Range> _cuts = [];
    private readonly SequenceBatch _batch;
    private readonly DataPasses _passes;
    private DataViewRowCursor? _cursor;
    private SequenceRowReader? _reader;
    private ValueGetter<DataViewRowId>? _id;
    private readonly int _seed;
    private int _next;
    private long _count;

    /// <param name="data">The rows.</param>
    /// <param name="format">Their form.</param>
    /// <param name="batchSize">Rows of a batch, at most.</param>
    /// <param name="seed">Of the order.</param>
    /// <param name="poolBatches">Batches' worth of rows in the pool.</param>
    /// <param name="passes">The data's readings so far; null: there were none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another form than <paramref name="format"/>'s.</exception>
    public TrainingBatches(IDataView data, SequenceFormat format, int batchSize, int seed, int poolBatches = DefaultPoolBatches,
        DataPasses? passes = null)
    {
        _passes = passes ?? new DataPasses("training data");
        _columns = SequenceSchema.Check(format, data.Schema, ColumnUse.Training);
        _data = data;
        _format = format;
        _random = new Random(seed);
        _seed = seed;
        _pool = new RowPool(format, batchSize, poolBatches);
        _batch = format.CreateBatch();
    }

    /// <summary>Epochs completed before the current batch's.</summary>
    public int Epoch { get; private set; }

    /// <summary>
    /// Input steps of the longest rows to give, for a curriculum by length; longer rows are passed over, and so are batches of the
    /// current pool that hold one.
    /// </summary>
    public int MaxInputSteps { get; set; } = int.MaxValue;

    /// <summary>The next batch, good until the next call.</summary>
    /// <exception cref="InvalidOperationException">A row cannot serve, or there are none.</exception>
    public SequenceBatch Next()
    {
        BatchWriter.Fill(_batch, _format, _pool[NextCut()]);
        _batch.DropoutSeed = ((ulong)(uint)_seed << 32) + (ulong)_count;
        return _batch;
    }

    /// <summary>Passes over batches, so that training goes on where a checkpoint left it.</summary>
    /// <exception cref="InvalidOperationException">A row cannot serve, or there are none.</exception>
    public void Skip(long batches)
    {
        for (long i = 0; i < batches; i++)
            NextCut();
    }

    public void Dispose() => _cursor?.Dispose();

    private Range NextCut()
    {
        while (_next < _cuts.Count && IsTooLong(_pool[_cuts[_next]]))
            _next++;
        if (_next == _cuts.Count)
        {
            FillPool();
            _pool.Sort(_random);
            _pool.Cut(_cuts);
            _random.Shuffle(CollectionsMarshal.AsSpan(_cuts));
            _next = 0;
        }
        _count++;
        return _cuts[_next++];
    }

    private bool IsTooLong(ReadOnlySpan<SequenceRow> rows)
    {
        foreach (SequenceRow row in rows)
        {
            if (row.InputSteps > MaxInputSteps)
                return true;
        }
        return false;
    }

    private void FillPool()
    {
        if (_cursor is not null && _passes.Fill(_pool, _cursor, _reader!, _id, MaxInputSteps))
            return;
        if (_cursor is not null)
            Epoch++;
        Open();
        if (!_passes.Fill(_pool, _cursor, _reader, _id, MaxInputSteps))
        {
            string limit = MaxInputSteps == int.MaxValue ? "" : $" with at most {MaxInputSteps} steps";
            throw SequenceErrors.NoRows($"column '{_format.Features[0].ColumnName}'{limit}");
        }
    }

    [MemberNotNull(nameof(_cursor), nameof(_reader))]
    private void Open()
    {
        _cursor?.Dispose();
        _cursor = _passes.Begin(_data, _columns, _data.CanShuffle ? new Random(_random.Next()) : null);
        _reader = new SequenceRowReader(_cursor, _format, ColumnUse.Training);
        _id = _data.CanShuffle ? _cursor.GetIdGetter() : null;
    }
}
