using System.Collections.Concurrent;

namespace Microsoft.ML.NTM.Engines;

/// <summary>Engines for several threads at once: one per cursor that is open, kept for the next.</summary>
internal sealed class EnginePool(Func<IEngine> create) : IDisposable
{
    private readonly ConcurrentBag<IEngine> _idle = [];
    private volatile bool _disposed;

    /// <summary>An engine nobody else uses.</summary>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    public IEngine Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _idle.TryTake(out IEngine? engine) ? engine : create();
    }

    /// <summary>Gives an engine back.</summary>
    public void Return(IEngine engine)
    {
        _idle.Add(engine);
        if (_disposed)
            DisposeIdle();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        DisposeIdle();
    }

    private void DisposeIdle()
    {
        while (_idle.TryTake(out IEngine? engine))
            engine.Dispose();
    }
}
