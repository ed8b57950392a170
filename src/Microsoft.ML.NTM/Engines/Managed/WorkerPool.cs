using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// A few threads that share a job's numbered pieces with the caller, who takes them from the first on while the others take them from the
/// last on: of jobs alike, each of two threads finds in its caches what it read before. Nothing is allocated per job. Which thread does
/// which piece is open, so pieces must not depend on one another. Threads watch for the next job for a moment, so that jobs close together
/// cost about a microsecond each, and then sleep.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private const int IndexBits = 24;
    private const int LooksPerCheck = 512;
    private const long IndexMask = (1L << IndexBits) - 1, OneFromTheEnd = 1L << IndexBits;

    private static readonly long s_watchTicks = Stopwatch.Frequency / 2000;

    private readonly int _workers;
    private readonly SemaphoreSlim _start = new(0);
    private readonly SemaphoreSlim _finished = new(0);
    private Action<int> _work = _ => { };
    private Exception? _failure;
    private bool _started;
    private int _completed, _count;
    private int _asleep, _callerSleeps;
    private volatile bool _disposed;

    // A job's number, and the pieces that are left of it, as the first and what follows the last: read and changed together, so that no
    // piece is taken twice.
    private long _state;

    /// <param name="threads">The caller and this many less one.</param>
    public WorkerPool(int threads) => _workers = Math.Max(threads, 1) - 1;

    /// <summary>How many threads share a job, the caller among them.</summary>
    public int Threads => _workers + 1;

    /// <summary>Whether the other threads watch for a job: a small one is worth their while then.</summary>
    public bool Awake => _started && Volatile.Read(ref _asleep) == 0;

    /// <summary>Does <paramref name="work"/> for 0 .. count - 1.</summary>
    /// <param name="count">How many pieces there are.</param>
    /// <param name="work">Does one.</param>
    /// <param name="shared">Whether they are worth the other threads' while; else the caller does all of them.</param>
    public void Run(int count, Action<int> work, bool shared = true)
    {
        if (_workers == 0 || count <= 1 || !shared)
        {
            for (int i = 0; i < count; i++)
                work(i);
            return;
        }
        StartThreads();
        (_work, _count, _failure) = (work, count, null);
        Volatile.Write(ref _completed, 0);
        long job = JobOf(Volatile.Read(ref _state)) + 1;
        Interlocked.Exchange(ref _state, ((job & 0x7FFF) << (2 * IndexBits)) | ((long)count << IndexBits));
        // A thread that goes to sleep says so before it looks for a job the last time: it is seen here, or sees the job.
        if (Volatile.Read(ref _asleep) > 0)
            _start.Release(Interlocked.Exchange(ref _asleep, 0));
        Take(fromTheEnd: false);
        AwaitTheOthers();
        if (_failure is OperationCanceledException)
            ExceptionDispatchInfo.Throw(_failure);
        if (_failure is not null)
            throw new InvalidOperationException("A worker thread failed.", _failure);
    }

    public void Dispose()
    {
        _disposed = true;
        if (_started)
            _start.Release(_workers);
    }

    private static long JobOf(long state) => state >> (2 * IndexBits);

    private void StartThreads()
    {
        if (_started)
            return;
        _started = true;
        for (int i = 0; i < _workers; i++)
            new Thread(Serve) { IsBackground = true, Name = "NTM worker" }.Start();
    }

    private void Serve()
    {
        using var flushed = new FlushToZero();
        long done = -1;
        while (true)
        {
            AwaitJobAfter(done);
            if (_disposed)
                return;
            done = JobOf(Volatile.Read(ref _state));
            Take(fromTheEnd: true);
        }
    }

    private void AwaitJobAfter(long done)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            for (int look = 0; look < LooksPerCheck; look++)
            {
                if (JobOf(Volatile.Read(ref _state)) != done || _disposed)
                    return;
                Thread.SpinWait(1);
            }
            // Where there are more threads than cores, the one that is waited for may need this one's.
            Thread.Yield();
        }
        while (Stopwatch.GetTimestamp() - start < s_watchTicks);
        Interlocked.Increment(ref _asleep);
        // Woken more often than there are jobs, it looks again: no harm is done.
        if (JobOf(Volatile.Read(ref _state)) == done && !_disposed)
            _start.Wait();
    }

    private void AwaitTheOthers()
    {
        long start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _completed) != _count)
        {
            for (int look = 0; look < LooksPerCheck && Volatile.Read(ref _completed) != _count; look++)
                Thread.SpinWait(1);
            if (Stopwatch.GetTimestamp() - start < s_watchTicks)
            {
                Thread.Yield();
                continue;
            }
            Interlocked.Exchange(ref _callerSleeps, 1);
            // Whoever takes the flag back decides whether there is a signal to wait for. A thread that is late from the job before may
            // signal, too.
            if (Volatile.Read(ref _completed) != _count || Interlocked.Exchange(ref _callerSleeps, 0) == 0)
                _finished.Wait();
        }
    }

    private void Take(bool fromTheEnd)
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            int first = (int)(state & IndexMask), end = (int)((state >> IndexBits) & IndexMask);
            if (first >= end)
                return;
            int index = fromTheEnd ? end - 1 : first;
            if (Interlocked.CompareExchange(ref _state, fromTheEnd ? state - OneFromTheEnd : state + 1, state) != state)
                continue;
            // Read now and not before: with a piece taken the job cannot end, however late this thread is.
            Action<int> work = Volatile.Read(ref _work);
            try
            {
                work(index);
            }
            catch (Exception exception)
            {
                _failure = exception;
            }
            if (Interlocked.Increment(ref _completed) == _count && Interlocked.Exchange(ref _callerSleeps, 0) == 1)
                _finished.Release();
        }
    }
}
