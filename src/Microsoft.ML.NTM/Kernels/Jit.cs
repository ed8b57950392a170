using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Kernels;

/// <summary>How numeric code is compiled.</summary>
internal static class Jit
{
    /// <summary>
    /// Optimised before its first call. Without it .NET starts each method as unoptimised code, which runs vector code some thirty times
    /// slower, and replaces it a few hundred milliseconds later: a program that scores a few rows would never see the fast code. Nor is it
    /// made part of its callers, where the compiler would run out of what it may inline and leave vector operations as calls.
    /// </summary>
    public const MethodImplOptions Optimized = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
}
