using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

/// <summary>What figures were taken on.</summary>
internal static class Cpu
{
    /// <summary>Cores, architecture and the widest vectors that the library computes with: 2 cores, x64 with AVX-512.</summary>
    public static string Kind { get; } =
        $"{Environment.ProcessorCount} cores, {RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()} with {Vectors}";

    private static string Vectors =>
        Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : Vector128.IsHardwareAccelerated ? "128 bits" : "no vectors";
}
