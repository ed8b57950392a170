namespace Microsoft.ML.NTM.Transformers.Steps;

/// <summary>One call's time in a step engine, which serves one caller at a time: a second one is an error and changes nothing.</summary>
internal readonly ref struct StepTurn : IDisposable
{
    private readonly ref int _taken;

    /// <summary>Begins when nobody has begun.</summary>
    /// <param name="taken">The engine's mark: 0 while nobody is there.</param>
    /// <exception cref="InvalidOperationException">Somebody is.</exception>
    public StepTurn(ref int taken)
    {
        if (Interlocked.CompareExchange(ref taken, 1, 0) != 0)
        {
            throw new InvalidOperationException("Expected one thread at a time in a step engine, got two: an engine is one sequence. Make another with "
                + "Clone or CreateStepEngine for each sequence.");
        }
        _taken = ref taken;
    }

    public void Dispose() => Volatile.Write(ref _taken, 0);
}
