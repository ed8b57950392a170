namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>Asks whoever called the engine, every few steps, whether the answer is still wanted.</summary>
/// <param name="operationsPerStep">Multiplications and additions of a step of a row.</param>
internal sealed class Pulse(long operationsPerStep)
{
    /// <summary>Operations of one product above which it is made in pieces: some tenths of a second.</summary>
    public const long LongProduct = 4_000_000_000;

    // About a millisecond of one core.
    private const long OperationsBetween = 20_000_000;

    private const int MostSteps = 1024;

    /// <summary>Called on any of the engine's threads; what it throws ends the call. Null: nobody is asked.</summary>
    public Action? CheckAlive { get; set; }

    /// <summary>Steps of so many rows from one question to the next.</summary>
    public int StepsBetween(int rows) => (int)Math.Clamp(OperationsBetween / Math.Max(1, operationsPerStep * rows), 1, MostSteps);

    /// <summary>Asks.</summary>
    public void Beat() => CheckAlive?.Invoke();
}
