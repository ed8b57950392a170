namespace Microsoft.ML.NTM.Transformers.Steps;

/// <summary>
/// One call's time in a step engine. Who changes its state is alone there; who only copies it may be there with others who do. Anything
/// else is an error and changes nothing.
/// </summary>
internal readonly ref struct StepTurn : IDisposable
{
    private const int Free = 0, Changing = 1;

    private readonly ref int _taken;

    private StepTurn(ref int taken) => _taken = ref taken;

    /// <summary>A turn to change the state.</summary>
    /// <param name="taken">The engine's mark: 0 while nobody is there, 1 while one changes it, -n while n copy it.</param>
    /// <exception cref="InvalidOperationException">Somebody is there.</exception>
    public static StepTurn Change(ref int taken) =>
        Interlocked.CompareExchange(ref taken, Changing, Free) == Free ? new StepTurn(ref taken) : throw SharedByThreads();

    /// <summary>A turn to copy the state.</summary>
    /// <param name="taken">The engine's mark.</param>
    /// <exception cref="InvalidOperationException">Somebody changes it.</exception>
    public static StepTurn Copy(ref int taken)
    {
        while (true)
        {
            int before = Volatile.Read(ref taken);
            if (before == Changing)
                throw SharedByThreads();
            if (Interlocked.CompareExchange(ref taken, before - 1, before) == before)
                return new StepTurn(ref taken);
        }
    }

    public void Dispose()
    {
        if (Volatile.Read(ref _taken) == Changing)
            Volatile.Write(ref _taken, Free);
        else
            Interlocked.Increment(ref _taken);
    }

    private static InvalidOperationException SharedByThreads() =>
        new("Expected one thread at a time in a step engine, got two: an engine is one sequence. "
        + "Make another with Clone or CreateStepEngine for each sequence.");
}
