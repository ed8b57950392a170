using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Transformers.Steps;

/// <summary>
/// Takes each new row that its cursor stands on as the next step of whatever sequence is its turn, once however many columns are asked for.
/// </summary>
internal sealed class StepAnswers : IAnswers
{
    private readonly DataViewRow _row;
    private readonly SequenceFormat _format;
    private readonly SequenceRowReader _reader;
    private readonly SequenceRow _step = new();
    private readonly SequenceRow[] _rows;
    private readonly SequenceBatch _batch;
    private long _position = long.MinValue;

    /// <param name="row">One step per row.</param>
    /// <param name="format">The model's sequences.</param>
    public StepAnswers(DataViewRow row, SequenceFormat format)
    {
        _row = row;
        _rows = [_step];
        // A step is read as a sequence of one step that is answered at once.
        _format = format with { Spec = format.Spec with { Alignment = SequenceAlignment.EveryStep, OneLabelPerSequence = false } };
        _reader = new SequenceRowReader(row, _format, ColumnUse.Scoring);
        _batch = _format.CreateBatch();
    }

    /// <summary>Whose turn it is.</summary>
    public StepSession? Session { get; set; }

    /// <summary>Whether the next row is no input but asks for an answer.</summary>
    public bool Asks { get; set; }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits()
    {
        StepSession session = Session ?? throw new InvalidOperationException("No sequence is on its way.");
        if (_position != _row.Position)
            Advance(session);
        return session.Logits;
    }

    public void Dispose()
    {
    }

    private void Advance(StepSession session)
    {
        if (Asks)
            session.Answer();
        else
        {
            _reader.Read(_step, session.Steps);
            // Nothing given is a step without input, as an empty sequence is.
            if (_step.InputSteps != 1)
                throw SequenceErrors.Row(_format.Features[0].ColumnName, session.Steps, "one step", $"{_step.InputSteps} steps");
            BatchWriter.Fill(_batch, _format, _rows);
            session.Read(_batch.Input(0, 0), _batch.Key(0, 0));
        }
        _position = _row.Position;
    }
}
