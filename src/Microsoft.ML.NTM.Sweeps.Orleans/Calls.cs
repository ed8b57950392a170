
namespace Microsoft.ML.NTM.Sweeps;

/// <summary>Calls that outlast the silo of the one who is called: a grain whose silo died answers from another one after a while.</summary>
internal static class Calls
{
    // Longer than a cluster takes to agree that a silo is dead.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Calls until there is an answer, for five minutes.</summary>
    /// <exception cref="OperationCanceledException">The caller was stopped.</exception>
    public static async Task<T> Patiently<T>(Func<Task<T>> call, CancellationToken stop)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                return await call().WaitAsync(stop);
            }
            catch (Exception fault) when (fault is OrleansException or TimeoutException or IOException
                && TimeProvider.System.GetElapsedTime(start) < s_patience)
            {
                await Task.Delay(s_pause, stop);
            }
        }
    }
}
