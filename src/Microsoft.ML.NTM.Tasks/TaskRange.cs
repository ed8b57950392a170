using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Tasks;

/// <summary>Checks of the numbers a task is made with.</summary>
internal static class TaskRange
{
    /// <summary>Both ends at least <paramref name="least"/> and in order.</summary>
    public static void Check(int min, int max, int least,
        [CallerArgumentExpression(nameof(min))] string? minName = null, [CallerArgumentExpression(nameof(max))] string? maxName = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, least, minName);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min, maxName);
    }
}
