using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Tests.Kernels;

/// <summary>Code to run once per vector width.</summary>
internal interface IForWidth
{
    void Run<V>()
        where V : struct, ISimd<V>;
}

/// <summary>All vector widths of this machine, the narrowest also with the tiles of others.</summary>
internal static class EveryWidth
{
    public static void Run(IForWidth code)
    {
        code.Run<V128>();
        code.Run<Tall128>();
        if (SimdWidths.Runs(SimdWidth.Avx2))
            code.Run<V256>();
        if (SimdWidths.Runs(SimdWidth.Avx512))
            code.Run<V512>();
    }
}
