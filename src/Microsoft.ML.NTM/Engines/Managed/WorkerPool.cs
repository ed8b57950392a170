namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// Threads that wait for work; the calling thread works with them. Jobs are taken in order, each by whoever is free. Running allocates
/// nothing.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _start = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private Action<int, int>? _work;
    private Exception? _fault;
    private int _jobs;
    private int _next;

    /// <param name="workers">Threads that work at once, the calling one included.</param>
    public WorkerPool(int workers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        _threads = new Thread[workers - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Wait(worker)) { IsBackground = true, Name = $"NTM engine {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads that work at once.</summary>
    public int Workers => _threads.Length + 1;

    /// <summary>Calls <paramref name="work"/> (worker, job) for each job below <paramref name="jobs"/> and returns when all are done.</summary>
    public void Run(int jobs, Action<int, int> work)
    {
        int asked = Math.Min(_threads.Length, jobs - 1);
        (_jobs, _next, _work) = (jobs, 0, work);
        if (asked > 0)
            _start.Release(asked);
        using (FlushToZero.Begin())
            TakeJobs(worker: 0);
        // Whoever has not woken up by now need not.
        while (asked > 0 && _start.Wait(0))
            asked--;
        for (; asked > 0; asked--)
            _done.Wait();
        if (Interlocked.Exchange(ref _fault, null) is Exception fault)
            throw new InvalidOperationException("A worker of the engine failed: " + fault.Message, fault);
    }

    /// <summary>Ends the threads; must not be called while <see cref="Run"/> is under way.</summary>
    public void Dispose()
    {
        _work = null;
        if (_threads.Length > 0)
            _start.Release(_threads.Length);
        foreach (Thread thread in _threads)
            thread.Join();
        _start.Dispose();
        _done.Dispose();
    }

    private void Wait(int worker)
    {
        using FlushToZero flush = FlushToZero.Begin();
        while (true)
        {
            _start.Wait();
            if (_work == null)
                return;
            TakeJobs(worker);
            _done.Release();
        }
    }

    private void TakeJobs(int worker)
    {
        try
        {
            for (int job = Interlocked.Increment(ref _next) - 1; job < _jobs; job = Interlocked.Increment(ref _next) - 1)
                _work!(worker, job);
        }
        catch (Exception exception)
        {
            _fault = exception;
            _next = _jobs;
        }
    }
}
