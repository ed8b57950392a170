namespace Microsoft.ML.NTM.Kernels;

/// <summary>How wide the kernels run.</summary>
internal enum SimdWidth
{
    Portable = 128,
    Avx2 = 256,
    Avx512 = 512,
}

/// <summary>Which widths this machine has.</summary>
internal static class SimdWidths
{
    /// <summary>The widest one, fixed at start; <c>DOTNET_EnableAVX512F=0</c> and <c>DOTNET_EnableAVX2=0</c> narrow it.</summary>
    public static SimdWidth Best { get; } = V512.IsSupported ? SimdWidth.Avx512 : V256.IsSupported ? SimdWidth.Avx2 : SimdWidth.Portable;

    /// <summary>Whether kernels of a width run here.</summary>
    public static bool Runs(SimdWidth width) => width <= Best;
}
