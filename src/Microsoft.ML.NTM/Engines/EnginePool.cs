using System.Collections.Concurrent;

namespace Microsoft.ML.NTM.Engines;

/// <summary>
/// Engines of one model for several threads at once: one per cursor that is open, kept for the next. Each loads the model once.
/// </summary>
/// <param name="create">Makes an engine.</param>
/// <param name="parameters">The model's, which no longer change.</param>
internal sealed class EnginePool(Func<IEngine> create, ParameterSet parameters) : IDisposable
{
    private readonly ConcurrentBag<IEngine> _idle = [];
    private readonly ConcurrentDictionary<IEngine, bool> _rented = [];
    private volatile bool _disposed;

    /// <summary>An engine nobody else uses.</summary>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    public IEngine Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_idle.TryTake(out IEngine? engine))
        {
            engine = create();
            engine.Load(parameters.Values);
        }
        _rented[engine] = true;
        return engine;
    }

    /// <summary>Gives an engine back; the second time it changes nothing, as cursors may be disposed twice.</summary>
    public void Return(IEngine engine)
    {
        if (!_rented.TryRemove(engine, out _))
            return;
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
