using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// A few threads that share a job's numbered pieces with the caller. Nothing is allocated per job. Which thread does which piece is open,
/// so pieces must not depend on one another.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private const int IndexBits = 24;
    private const int SpinsPerLook = 30;
    private const double SpinMilliseconds = 1;
    private const long IndexMask = (1L << IndexBits) - 1;

    private readonly int _helpers;
    private readonly SemaphoreSlim _start = new(0);
    private readonly SemaphoreSlim _finished = new(0);
    private Action<int> _work = _ => { };
    private ExceptionDispatchInfo? _failure;
    private int _started;
    private int _completed;
    private int _count;
    private volatile bool _disposed;

    // A job's number, how many pieces it has, and the next one to take: taken together, so that a late helper cannot take a piece of a job
    // that it does not know.
    private long _state;

    /// <param name="threads">The caller and this many less one.</param>
    public WorkerPool(int threads) => _helpers = Math.Max(threads, 1) - 1;

    /// <summary>Does <paramref name="work"/> for 0 .. count - 1; what a piece throws comes out here, whichever thread it ran on.</summary>
    public void Run(int count, Action<int> work)
    {
        if (_helpers == 0 || count <= 1)
        {
            for (int i = 0; i < count; i++)
                work(i);
            return;
        }
        int helpers = Math.Min(_helpers, count - 1);
        StartThreads(helpers);
        (_work, _count, _completed, _failure) = (work, count, 0, null);
        long job = (Volatile.Read(ref _state) >> (2 * IndexBits)) + 1;
        Volatile.Write(ref _state, ((job & 0x7FFF) << (2 * IndexBits)) | ((long)count << IndexBits));
        _start.Release(helpers);
        Take();
        Await(_finished);
        _failure?.Throw();
    }

    public void Dispose()
    {
        _disposed = true;
        if (_started > 0)
            _start.Release(_started);
    }

    // Never more than there was ever work for.
    private void StartThreads(int needed)
    {
        for (; _started < needed; _started++)
            new Thread(Help) { IsBackground = true, Name = "NTM worker" }.Start();
    }

    private void Help()
    {
        using var flushed = new FlushToZero();
        while (true)
        {
            Await(_start);
            if (_disposed)
                return;
            Take();
        }
    }

    // The next job usually comes within a millisecond: a thread that sleeps meanwhile is often woken on the caller's core, behind it.
    private static void Await(SemaphoreSlim signal)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            if (signal.Wait(0))
                return;
            Thread.SpinWait(SpinsPerLook);
        }
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < SpinMilliseconds);
        signal.Wait();
    }

    private void Take()
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            int index = (int)(state & IndexMask);
            if (index >= (int)((state >> IndexBits) & IndexMask))
                return;
            Action<int> work = Volatile.Read(ref _work);
            if (Interlocked.CompareExchange(ref _state, state + 1, state) != state)
                continue;
            try
            {
                work(index);
            }
            catch (Exception exception)
            {
                _failure = ExceptionDispatchInfo.Capture(exception);
            }
            if (Interlocked.Increment(ref _completed) == _count)
                _finished.Release();
        }
    }
}
