namespace Microsoft.ML.NTM.Data;

/// <summary>The current row of a cursor or a row mapper's input as a batch of one. Every cursor has its own.</summary>
internal sealed class SingleRowBatch(DataViewRow row, SequenceFormat format, ColumnUse use = ColumnUse.Scoring)
{
    private readonly SequenceRowReader _reader = new(row, format, use);
    private readonly SequenceRow[] _row = [new()];
    private readonly SequenceBatch _batch = format.CreateBatch();

    /// <summary>Reads the row that <c>row</c> stands on; the batch is good until the next call.</summary>
    /// <exception cref="InvalidOperationException">The row cannot serve.</exception>
    public SequenceBatch Read()
    {
        _reader.Read(_row[0], row.Position);
        BatchWriter.Fill(_batch, format, _row);
        return _batch;
    }
}
