using System.Runtime.InteropServices;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// Lets the calling thread treat numbers too small for full precision (denormals) as 0 until it is disposed. They cost ten and more times an
/// ordinary multiplication, and a network that has learned is full of them. .NET has no call for it; the C library's floating-point environment
/// has. Where that is not known, nothing changes but the speed.
/// </summary>
internal readonly unsafe ref struct FlushToZero
{
    // Flush results to zero (bit 15) and take operands as zero (bit 6) in the SSE control word; bit 24 in ARM's.
    private const uint SseBits = 1u << 15 | 1u << 6, ArmBits = 1u << 24;

    // fenv_t takes 32 bytes with glibc on x64, 8 on ARM64, 16 with Apple's library; room to spare.
    private const int EnvironmentSize = 64;

    private static readonly delegate* unmanaged<byte*, int> s_get;
    private static readonly delegate* unmanaged<byte*, int> s_set;

    // Where the control word stands in fenv_t; -1: unknown.
    private static readonly int s_offset = ControlWordOffset();

    private readonly uint _before;
    private readonly bool _changed;

    static FlushToZero()
    {
        if (s_offset < 0 || !NativeLibrary.TryLoad(OperatingSystem.IsMacOS() ? "libSystem.dylib" : "libm.so.6", out nint library))
        {
            s_offset = -1;
            return;
        }
        if (!NativeLibrary.TryGetExport(library, "fegetenv", out nint get) || !NativeLibrary.TryGetExport(library, "fesetenv", out nint set))
        {
            s_offset = -1;
            return;
        }
        s_get = (delegate* unmanaged<byte*, int>)get;
        s_set = (delegate* unmanaged<byte*, int>)set;
    }

    private FlushToZero(uint before)
    {
        _before = before;
        _changed = true;
    }

    /// <summary>Whether this system's floating-point environment is known.</summary>
    public static bool IsSupported => s_offset >= 0;

    /// <summary>Flushes from here on.</summary>
    public static FlushToZero Begin()
    {
        if (!IsSupported)
            return default;
        byte* environment = stackalloc byte[EnvironmentSize];
        s_get(environment);
        uint before = *(uint*)(environment + s_offset);
        Write(environment, before | (IsArm ? ArmBits : SseBits));
        return new FlushToZero(before);
    }

    /// <summary>As it was.</summary>
    public void Dispose()
    {
        if (!_changed)
            return;
        byte* environment = stackalloc byte[EnvironmentSize];
        s_get(environment);
        Write(environment, _before);
    }

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    private static void Write(byte* environment, uint word)
    {
        *(uint*)(environment + s_offset) = word;
        s_set(environment);
    }

    // glibc, x64: 28 bytes of x87 state, then mxcsr; ARM64: fpcr first. Apple, x64: two shorts, then mxcsr; ARM64: fpsr (8 bytes), then fpcr.
    private static int ControlWordOffset() => (RuntimeInformation.ProcessArchitecture, OperatingSystem.IsLinux(), OperatingSystem.IsMacOS()) switch
    {
        (Architecture.X64, true, _) => 28,
        (Architecture.Arm64, true, _) => 0,
        (Architecture.X64, _, true) => 4,
        (Architecture.Arm64, _, true) => 8,
        _ => -1,
    };
}
