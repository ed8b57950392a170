using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// While it lives, its thread takes numbers below 1e-38 as 0: they appear once a network has converged and would make each operation many
/// times slower. .NET has no call for it; where the C library has none either, nothing is done.
/// </summary>
internal readonly unsafe ref struct FlushToZero : IDisposable
{
    // The control word of SSE stands at the end of the C library's 32 bytes; these bits flush results and take operands as 0.
    private const int ControlWord = 28;
    private const uint FlushBits = 0x8040;

    private static readonly bool s_supported = Supported();

    private readonly uint _before;

    public FlushToZero()
    {
        if (s_supported)
            _before = Set(FlushBits);
    }

    public void Dispose()
    {
        if (s_supported)
            Set(_before);
    }

    private static bool Supported()
    {
        if (!OperatingSystem.IsLinux() || !X86Base.X64.IsSupported)
            return false;
        try
        {
            Set(0);
            return true;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    // Returns what the bits were.
    private static uint Set(uint bits)
    {
        byte* environment = stackalloc byte[256];
        _ = GetEnvironment(environment);
        uint* control = (uint*)(environment + ControlWord);
        uint before = *control & FlushBits;
        *control = (*control & ~FlushBits) | bits;
        _ = SetEnvironment(environment);
        return before;
    }

    [DllImport("libm.so.6", EntryPoint = "fegetenv")]
    private static extern int GetEnvironment(byte* environment);

    [DllImport("libm.so.6", EntryPoint = "fesetenv")]
    private static extern int SetEnvironment(byte* environment);
}
