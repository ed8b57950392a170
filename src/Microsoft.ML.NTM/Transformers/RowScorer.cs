using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>Scores the row that one cursor stands on, once per row however many columns are asked for.</summary>
internal sealed class RowScorer : IAnswers
{
    private readonly DataViewRow _row;
    private readonly SequenceModelParameters _model;
    private readonly EnginePool _engines;
    private readonly IEngine _engine;
    private readonly SingleRowBatch _reader;
    private float[] _logits = [];
    private int _start;
    private int _count;
    private long _position = long.MinValue;

    public RowScorer(DataViewRow row, SequenceModelParameters model, EnginePool engines)
    {
        _row = row;
        _model = model;
        _engines = engines;
        _reader = new SingleRowBatch(row, model.Format);
        _engine = engines.Rent();
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits()
    {
        if (_position != _row.Position || _position < 0)
            Score();
        return _logits.AsSpan(_start, _count);
    }

    private void Score()
    {
        SequenceBatch batch = _reader.Read();
        int outputs = _model.Network.OutputSize;
        int needed = checked(batch.Steps * outputs);
        if (_logits.Length < needed)
            _logits = new float[needed];
        _engine.Score(batch, _model.Parameters.Values, _logits);
        _start = batch.OutputStarts[0] * outputs;
        _count = batch.Lengths[0] * outputs - _start;
        _position = _row.Position;
    }

    public void Dispose() => _engines.Return(_engine);
}
