namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// As many memory cells as there are threads, for networks whose cells are large and hold nothing that is asked for after a group's
/// backward pass: groups of rows that run one after another use the same memory, which stays in cache. Guarded by a spin lock: other locks
/// allocate when threads first meet at them.
/// </summary>
internal sealed class CellPool(int threads, Func<MemoryCell> create)
{
    private readonly MemoryCell[] _all = new MemoryCell[threads];
    private readonly MemoryCell[] _free = new MemoryCell[threads];
    private SpinLock _lock = new(enableThreadOwnerTracking: false);
    private int _count, _created;

    /// <summary>
    /// Before a job: makes room in every cell that some of its <paramref name="groups"/> may ask for, so that none grows while they run.
    /// All cells are free again, also those that a group of the last job kept because it failed.
    /// </summary>
    public void Reserve(int groups, int steps, int rows, bool training)
    {
        while (_created < Math.Min(groups, threads))
        {
            _all[_created] = create();
            _created++;
        }
        Array.Copy(_all, _free, _created);
        _count = _created;
        for (int i = 0; i < _count; i++)
            _free[i].Plan(steps, rows, training);
    }

    /// <summary>A cell that nobody uses.</summary>
    /// <exception cref="InvalidOperationException">There is none: more threads are in the engine than it was made for.</exception>
    public MemoryCell Take()
    {
        bool taken = false;
        try
        {
            _lock.Enter(ref taken);
            return _count > 0 ? _free[--_count] : throw new InvalidOperationException(
                $"Expected at most {threads} threads in the engine at once, got one more: an engine serves one caller at a time.");
        }
        finally
        {
            if (taken)
                _lock.Exit();
        }
    }

    /// <summary>Gives a cell back.</summary>
    public void Return(MemoryCell cell)
    {
        bool taken = false;
        try
        {
            _lock.Enter(ref taken);
            _free[_count++] = cell;
        }
        finally
        {
            if (taken)
                _lock.Exit();
        }
    }
}
