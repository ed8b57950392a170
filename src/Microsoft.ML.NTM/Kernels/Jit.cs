using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>How numeric code is compiled.</summary>
internal static class Jit
{
    /// <summary>
    /// Optimised before its first call. Without it .NET starts each method as unoptimised code, which runs vector code some thirty times slower,
    /// and replaces it a few hundred milliseconds later: a program that scores a few rows would never see the fast code.
    /// </summary>
    public const MethodImplOptions Optimized = MethodImplOptions.AggressiveOptimization;
}
