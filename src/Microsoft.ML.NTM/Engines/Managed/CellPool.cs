namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// As many memory cells as there are threads, for networks whose cells are large and hold nothing that is asked for after a group's backward
/// pass: groups of rows that run one after another use the same memory, which stays in cache. Guarded by a spin lock: other locks allocate
/// when threads first meet at them.
/// </summary>
internal sealed class CellPool(int threads, Func<MemoryCell> create)
{
    private readonly MemoryCell[] _free = new MemoryCell[threads];
    private SpinLock _lock = new(enableThreadOwnerTracking: false);
    private int _count, _created;

    /// <summary>Makes room in every cell that some of <paramref name="groups"/> may ask for, so that none grows while they run.</summary>
    public unsafe void Reserve(int groups, int steps, int rows, bool training)
    {
        while (_created < Math.Min(groups, threads))
        {
            _free[_count++] = create();
            _created++;
        }
        for (int i = 0; i < _count; i++)
            _free[i].Reserve(steps, rows, null, training);
    }

    /// <summary>A cell that nobody uses.</summary>
    public MemoryCell Take()
    {
        bool taken = false;
        _lock.Enter(ref taken);
        MemoryCell cell = _free[--_count];
        _lock.Exit();
        return cell;
    }

    /// <summary>Gives a cell back.</summary>
    public void Return(MemoryCell cell)
    {
        bool taken = false;
        _lock.Enter(ref taken);
        _free[_count++] = cell;
        _lock.Exit();
    }
}
