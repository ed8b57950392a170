namespace Microsoft.ML.NTM.Data.Packing;

/// <summary>
/// Which rows of a table make up the current sequence or window. Where sequences stand together and in order, rows are read only as they
/// are needed and forgotten afterwards; else a whole sequence, or the whole table, is held.
/// </summary>
internal sealed class SequenceRows : IDisposable
{
    /// <summary>Rows before the next window that are held before they are forgotten all at once.</summary>
    private const int DiscardAt = 1024;

    private readonly DataViewRowCursor _table;
    private readonly PackOptions _options;
    private readonly StepColumn[] _columns;
    private readonly bool _includeUnlabeled;
    private readonly bool _grouped;
    private readonly SequenceIdColumn? _id;
    private readonly OrderColumn? _order;
    private readonly List<int> _rows = [];
    private readonly List<long> _tableRows = []; // of the rows that are held
    private List<List<int>>? _groups;
    private int _nextGroup;
    private int _held;
    private int _next;
    private bool _complete = true;
    private bool _pending;
    private bool _tableRead;

    public SequenceRows(DataViewRowCursor table, PackOptions options, StepColumn[] columns, bool includeUnlabeled)
    {
        _table = table;
        _options = options;
        _columns = columns;
        _includeUnlabeled = includeUnlabeled;
        _grouped = options.RowsAreGrouped != false;
        _id = options.SequenceColumnName is string id ? SequenceIdColumn.Create(table, table.Schema[id]) : null;
        _order = options.OrderColumnName is string order ? OrderColumn.Create(table, table.Schema[order]) : null;
    }

    /// <summary>The place of the sequence's first step among the rows.</summary>
    public int Start { get; private set; }

    /// <summary>The sequence's steps.</summary>
    public int Steps { get; private set; }

    /// <summary>The table's row that the sequence's first step is.</summary>
    public long FirstTableRow => _tableRows[_rows[Start]];

    /// <summary>Whether the sequence's steps follow each other in the table.</summary>
    public bool AreInOrder => _grouped && _order is null;

    /// <summary>Where the columns hold a row of the sequence; -1 beyond its last.</summary>
    public int this[int place] => place < _rows.Count ? _rows[place] : -1;

    /// <summary>Gives the current sequence's id.</summary>
    public Delegate IdGetter() => _id!.Getter();

    public void Dispose() => _table.Dispose();

    /// <summary>Goes to the next window or sequence; false when there are no more.</summary>
    public bool MoveNext(bool started)
    {
        if (started)
            _next = _options.Window is null ? int.MaxValue : checked(_next + _options.Stride);
        while (!HasSequence())
        {
            if (_complete ? !BeginSequence() : !ReadRow())
                return false;
        }
        return true;
    }

    private bool HasSequence()
    {
        int beyond = _includeUnlabeled && _complete ? 0 : _options.Horizon;
        if (_options.Window is null && (!_complete || _next > 0))
            return false;
        int steps = _options.Window ?? _rows.Count - beyond;
        if (steps < 1 || (long)_next + steps + beyond > _rows.Count)
            return false;
        (Start, Steps) = (_next, steps);
        return true;
    }

    private bool BeginSequence()
    {
        _next = 0;
        _rows.Clear();
        if (!_grouped)
            return BeginGroup();
        foreach (StepColumn column in _columns)
            column.Discard(_held);
        _tableRows.Clear();
        _order?.Clear();
        _held = 0;
        if (!_pending && !NextTableRow())
            return false;
        if (_id is not null && !_id.Keep())
        {
            throw SequenceErrors.TableRow(_options.SequenceColumnName!, _table.Position,
                "the rows of a sequence to stand together (or RowsAreGrouped = null)",
                $"'{_id.Text}' again after other sequences");
        }
        _complete = false;
        Hold();
        // Rows that have still to be sorted are of no use before the last of them is there.
        while (_order is not null && !_complete)
            ReadRow();
        _order?.Sort(_rows);
        return true;
    }

    /// <summary>Reads one more row of the current sequence, or finds that it is complete.</summary>
    private bool ReadRow()
    {
        if (_order is null && _next > DiscardAt)
            Forget();
        if (!NextTableRow() || _id is not null && _id.IsOther())
            _complete = true;
        else
            Hold();
        return true;
    }

    private bool NextTableRow()
    {
        _pending = !_tableRead && _table.MoveNext();
        _tableRead = !_pending;
        return _pending;
    }

    private void Hold()
    {
        _pending = false;
        foreach (StepColumn column in _columns)
            column.Append();
        _order?.Append();
        _tableRows.Add(_table.Position);
        _rows.Add(_held++);
    }

    private void Forget()
    {
        int count = Math.Min(_next, _held);
        foreach (StepColumn column in _columns)
            column.Discard(count);
        _tableRows.RemoveRange(0, count);
        _held -= count;
        _next -= count;
        _rows.RemoveRange(_held, count);
    }

    private bool BeginGroup()
    {
        _groups ??= ReadGroups();
        if (_nextGroup == _groups.Count)
            return false;
        _rows.AddRange(_groups[_nextGroup]);
        _id?.Select(_nextGroup);
        _nextGroup++;
        _order?.Sort(_rows);
        return true;
    }

    private List<List<int>> ReadGroups()
    {
        var groups = new List<List<int>>();
        while (NextTableRow())
        {
            int place = _id?.Place() ?? 0;
            if (place == groups.Count)
                groups.Add([]);
            Hold();
            groups[place].Add(_held - 1);
        }
        _rows.Clear();
        return groups;
    }
}
