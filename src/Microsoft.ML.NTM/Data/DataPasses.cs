using Microsoft.ML.Data;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Data;

/// <summary>
/// Readings of one data view from its first row to its last. Every reading must give as many rows as the first: what can be read only
/// once, or
/// grows or shrinks meanwhile, would otherwise train on something else than was asked for. An error says which reading it happened in.
/// </summary>
/// <param name="data">What is read, as messages call it: "training data".</param>
/// <param name="rowsSeen">Rows that were seen of it before, by somebody who may have read a part only.</param>
internal sealed class DataPasses(string data, long rowsSeen = 0)
{
    private const string Cure = "the data can be read only once, or changes while it is read. Load it from a file or a collection, or "
        + "cache it with mlContext.Data.Cache.";

    private string _first = "", _current = "";
    private long? _expected;
    private long _rows;
    private int _count;

    /// <summary>Opens a cursor for the next reading.</summary>
    /// <param name="view">The data.</param>
    /// <param name="columns">The columns wanted.</param>
    /// <param name="shuffle">A generator for views that shuffle themselves, or null.</param>
    /// <param name="purpose">What messages call the reading; null: "pass 2 over the training data".</param>
    public DataViewRowCursor Begin(IDataView view, IEnumerable<DataViewSchema.Column> columns, Random? shuffle = null,
        string? purpose = null)
    {
        _count++;
        _rows = 0;
        _current = purpose ?? $"pass {_count} over the {data}";
        if (_count == 1)
            _first = _current;
        try
        {
            return view.GetRowCursor(columns, shuffle);
        }
        catch (Exception fault) when (IsForeign(fault))
        {
            throw Failed(fault);
        }
    }

    /// <summary>
    /// Fills <paramref name="pool"/> with the reading's next rows (see <see cref="RowPool.Fill"/>); false ends the reading.
    /// </summary>
    /// <exception cref="InvalidOperationException">A row cannot serve, reading failed, or there are not as many rows as in the first
    /// reading.</exception>
    public bool Fill(RowPool pool, DataViewRowCursor cursor, SequenceRowReader reader, ValueGetter<DataViewRowId>? id = null,
        int maxInputSteps = int.MaxValue)
    {
        bool any;
        try
        {
            any = pool.Fill(cursor, reader, id, maxInputSteps);
        }
        catch (Exception fault) when (IsForeign(fault))
        {
            _rows += pool.RowsRead;
            throw Failed(fault);
        }
        _rows += pool.RowsRead;
        if (_rows > _expected)
            throw Changed($"at least {_rows} rows");
        if (!any)
            End();
        return any;
    }

    /// <summary>Runs a reading of its own kind; what breaks it says which reading it was.</summary>
    /// <param name="purpose">What messages call the reading: "the pass that measures the training data".</param>
    /// <param name="read">Reads. Its own errors are of the kinds that ML.NET's trainers throw, and pass.</param>
    /// <exception cref="InvalidOperationException">Reading failed, or what <paramref name="read"/> throws.</exception>
    public static T Named<T>(string purpose, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (IsForeign(fault) && fault is not (InvalidOperationException or ArgumentException))
        {
            throw new InvalidOperationException($"Expected to read the rows in {purpose}, got an error: {fault.GetType().Name}: "
                + $"{Quoted.Message(fault)}", fault);
        }
    }

    private void End()
    {
        if (_expected is null && _rows < rowsSeen)
        {
            throw SequenceErrors.Ours(new InvalidOperationException(
                $"Expected at least {rowsSeen} rows in {_current}, as there were before training, got {(_rows == 0 ? "none" : _rows)}: "
                    + $"{Cure}"));
        }
        if (_rows < _expected)
            throw Changed(_rows == 0 ? "none" : $"{_rows} rows");
        _expected ??= _rows;
    }

    // What is ours says enough, and a cancelled reading has not failed.
    private static bool IsForeign(Exception fault) => fault is not (OperationCanceledException or OutOfMemoryException)
        && !SequenceErrors.IsOurs(fault);

    private InvalidOperationException Failed(Exception fault) => new(
        $"Expected to read all rows in {_current}, got an error after {_rows} rows: {fault.GetType().Name}: {Quoted.Message(fault)}",
            fault);

    private InvalidOperationException Changed(string got) => SequenceErrors.Ours(new InvalidOperationException(
        $"Expected {_expected} rows in {_current}, as in {_first}, got {got}: {Cure}"));
}
