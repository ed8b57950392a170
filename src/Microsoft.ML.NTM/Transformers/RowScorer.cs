using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>
/// Scores the row that one cursor stands on, once per row however many columns are asked for. Used by one thread at a time: a second one is
/// told so, where it can be told, and never does harm to the first one's engine.
/// </summary>
internal sealed class RowScorer : IAnswers
{
    // Nobody is here; somebody scores; disposed; disposed while somebody scores.
    private const int Idle = 0, Scoring = 1, Disposed = 2, DisposedWhileScoring = 3;

    private readonly DataViewRow _row;
    private readonly SequenceModelParameters _model;
    private readonly EnginePool _engines;
    private readonly IEngine _engine;
    private readonly SingleRowBatch _reader;
    private readonly bool _isSingleRow;
    private float[] _logits = [];
    private int _start;
    private int _count;
    private long _position = long.MinValue;
    private int _thread;
    private int _use;

    public RowScorer(DataViewRow row, SequenceModelParameters model, EnginePool engines)
    {
        _row = row;
        _model = model;
        _engines = engines;
        _reader = new SingleRowBatch(row, model.Format);
        // A prediction engine shows a single row, again and again with other values.
        _isSingleRow = row is not DataViewRowCursor;
        _engine = engines.Rent();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The row cannot serve, or a prediction engine is used by two threads at once.</exception>
    public ReadOnlySpan<float> Logits()
    {
        if (_position != _row.Position || _position < 0)
            Score();
        else if (_isSingleRow && _thread != Environment.CurrentManagedThreadId)
            throw SharedByThreads();
        float[] logits = _logits;
        (int start, int count) = (_start, _count);
        return start + count <= logits.Length ? logits.AsSpan(start, count) : throw SharedByThreads();
    }

    private void Score()
    {
        switch (Interlocked.CompareExchange(ref _use, Scoring, Idle))
        {
            case Scoring or DisposedWhileScoring:
                throw SharedByThreads();
            case Disposed:
                throw new ObjectDisposedException(nameof(SequenceTransformer),
                    "Rows cannot be scored after their cursor or prediction engine was disposed.");
        }
        try
        {
            ScoreAlone();
        }
        finally
        {
            if (Interlocked.CompareExchange(ref _use, Idle, Scoring) == DisposedWhileScoring)
                _engines.Return(_engine);
        }
    }

    private void ScoreAlone()
    {
        long position = _row.Position;
        SequenceBatch batch = _reader.Read();
        int outputs = _model.Network.OutputSize;
        int needed = checked(batch.Steps * outputs);
        if (_logits.Length < needed)
            _logits = new float[needed];
        _engine.Score(batch, _logits);
        if (_row.Position != position)
            throw SharedByThreads();
        _start = batch.OutputStarts[0] * outputs;
        _count = batch.Lengths[0] * outputs - _start;
        _thread = Environment.CurrentManagedThreadId;
        _position = position;
    }

    // An engine that is at work goes back when its work is done.
    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _use, Disposed, Idle) == Idle)
            _engines.Return(_engine);
        else
            Interlocked.CompareExchange(ref _use, DisposedWhileScoring, Scoring);
    }

    private static InvalidOperationException SharedByThreads() => new(
        "Expected one thread at a time in a prediction engine or cursor, got two: their rows mix. Make one engine per thread, take engines "
        + "from a pool (Microsoft.Extensions.ML's PredictionEnginePool), or score many rows with Transform.");
}
