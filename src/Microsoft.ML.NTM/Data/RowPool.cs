using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data;

/// <summary>
/// Rows read ahead of their use, to be cut into batches of similar length. The rows' buffers are reused from filling to filling.
/// </summary>
internal sealed class RowPool(SequenceFormat format, int batchSize, int batches)
{
    /// <summary>Values that a pool holds before it is full, however few rows that is: 64 MiB.</summary>
    private const int MaxValues = 1 << 24;

    private readonly int _capacity = (int)Math.Min((long)batchSize * batches, Array.MaxLength);
    private readonly int _stepSize = Math.Max(format.InputSize, format.OutputSize);
    private readonly List<SequenceRow> _rows = [];
    private ulong[] _keys = [];
    private SequenceRow[] _sorted = [];

    /// <summary>Rows in the pool.</summary>
    public int Count { get; private set; }

    /// <summary>Rows that the last filling read, those among them that were passed over.</summary>
    public long RowsRead { get; private set; }

    /// <summary>
    /// Replaces the pool's rows by the cursor's next ones. Rows are named by <paramref name="id"/>, or by their place where it is null.
    /// Rows with longer inputs than <paramref name="maxInputSteps"/> are passed over, and so are rows read with a label that says nothing;
    /// <paramref name="taken"/> is called after each of the others. False when there were none left. Where a row cannot serve, the rows
    /// before it are in the pool.
    /// </summary>
    public bool Fill(DataViewRowCursor cursor, SequenceRowReader reader, ValueGetter<DataViewRowId>? id, int maxInputSteps = int.MaxValue,
        Action? taken = null)
    {
        // Buffers that long rows have grown must not make a pool of short ones heavy for ever.
        long room = 0;
        foreach (SequenceRow row in _rows)
            room += row.Capacity;
        if (room > 2L * MaxValues)
            _rows.Clear();
        Count = 0;
        RowsRead = 0;
        long values = 0;
        while (Count < _capacity && (values < MaxValues || Count < batchSize) && cursor.MoveNext())
        {
            RowsRead++;
            if (Count == _rows.Count)
                _rows.Add(new SequenceRow());
            SequenceRow row = _rows[Count];
            if (!reader.Read(row, id is null ? cursor.Position : Id(id)) || row.InputSteps > maxInputSteps || row.HasNothingToScore)
                continue;
            values += row.ValueCount;
            Count++;
            taken?.Invoke();
        }
        return Count > 0;
    }

    /// <summary>
    /// Sorts the rows longest first; equal lengths in the order they came, or in random order where there is a generator.
    /// </summary>
    public void Sort(Random? random)
    {
        if (_keys.Length < Count)
        {
            _keys = new ulong[Count];
            _sorted = new SequenceRow[Count];
        }
        for (int i = 0; i < Count; i++)
            _sorted[i] = _rows[i];
        random?.Shuffle(_sorted.AsSpan(0, Count));
        // The key holds the place too, so that the result does not depend on how the sort treats equal keys.
        for (int i = 0; i < Count; i++)
            _keys[i] = (ulong)(int.MaxValue - _sorted[i].Length) << 32 | (uint)i;
        Array.Sort(_keys, _sorted, 0, Count);
    }

    /// <summary>Cuts the sorted rows into batches of nearly equal size, none larger than asked; appends where each starts.</summary>
    public void Cut(List<Range> cuts)
    {
        cuts.Clear();
        for (int start = 0; start < Count;)
        {
            int left = Count - start;
            int share = (left + batchSize - 1) / batchSize;
            int size = (left + share - 1) / share;
            long fitting = SequenceRowReader.MaxValues / ((long)_sorted[start].Length * _stepSize);
            size = (int)Math.Clamp(fitting, 1, size);
            cuts.Add(new Range(start, start + size));
            start += size;
        }
    }

    /// <summary>The sorted rows of one cut.</summary>
    public ReadOnlySpan<SequenceRow> this[Range cut] => _sorted.AsSpan(0, Count)[cut];

    private static long Id(ValueGetter<DataViewRowId> getter)
    {
        DataViewRowId id = default;
        getter(ref id);
        return (long)id.Low;
    }
}
