using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>Which registers the kernels use.</summary>
internal enum SimdPath
{
    /// <summary>4 lanes, on any processor.</summary>
    Portable,

    /// <summary>8 lanes.</summary>
    Avx2,

    /// <summary>16 lanes.</summary>
    Avx512,
}

/// <summary>Which paths this processor has.</summary>
internal static class SimdPaths
{
    /// <summary>The widest.</summary>
    public static SimdPath Best { get; } = Lanes512.IsSupported ? SimdPath.Avx512 : Lanes256.IsSupported ? SimdPath.Avx2 : SimdPath.Portable;

    /// <summary>All that run here.</summary>
    public static IEnumerable<SimdPath> All => Enum.GetValues<SimdPath>().Where(path => path <= Best);
}
