using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>
/// Whether TorchSharp's native half can be loaded here, and if not, why. Asked before anything of TorchSharp runs: TorchSharp itself, when
/// it fails, prints to the console, copies packages into the application's folder and blames a missing package whatever the reason.
/// </summary>
internal static class TorchBackend
{
    private const string Ways = "Or leave the Torch engine: SequenceBackend.Managed needs no native library.";

    private static readonly Lazy<string?> s_failure = new(Probe);

    /// <summary>Whether the Torch engine can run.</summary>
    public static bool IsAvailable => s_failure.Value is null;

    /// <summary>Why the Torch engine cannot run, with the ways out; null where it can.</summary>
    public static string? Failure => s_failure.Value;

    /// <summary>Ends quietly where the Torch engine can run.</summary>
    /// <exception cref="InvalidOperationException">It cannot; the message says why.</exception>
    public static void Require()
    {
        if (s_failure.Value is { } failure)
            throw new InvalidOperationException(failure);
    }

    /// <summary>
    /// What to tell a user, given whether libtorch itself loads and what the system's loader says of TorchSharp's library.
    /// </summary>
    internal static string Explain(bool libtorchLoads, string loaderMessage)
    {
        if (loaderMessage.Contains("GLIBCXX_", StringComparison.Ordinal) && loaderMessage.Contains("not found", StringComparison.Ordinal))
        {
            return "The Torch engine cannot run: TorchSharp's native library asks for a newer C++ runtime (libstdc++ of GCC 13, "
                + "GLIBCXX_3.4.32) than this system has. Build the application with the property "
                + "RelaxTorchSharpForOlderLibstdcxx = true (= always where it is built on a newer system than it runs on), which drops "
                + "that request, or run it on a newer distribution, such as Ubuntu 24.04 or Debian 13. "
                + $"{Ways} The loader said: {FirstLine(loaderMessage, "GLIBCXX_")}";
        }
        return libtorchLoads
            ? $"The Torch engine cannot run: libtorch loads, but TorchSharp's native library does not. {Ways} "
                + $"The loader said: {loaderMessage}"
            : "The Torch engine cannot run: the application has no libtorch. Add one of the packages TorchSharp-cpu, TorchSharp-cuda-linux "
                + $"or TorchSharp-cuda-windows to the application, in the version of its TorchSharp. {Ways}";
    }

    private static string? Probe()
    {
        if (!Environment.Is64BitProcess)
            return $"The Torch engine cannot run: libtorch needs a 64-bit process. {Ways}";
        // DeviceType is an enumeration: naming it loads TorchSharp.dll but runs none of it.
        Assembly torchSharp = typeof(DeviceType).Assembly;
        bool libtorchLoads = NativeLibrary.TryLoad("torch_cpu", torchSharp, searchPath: null, out _);
        try
        {
            NativeLibrary.Load("LibTorchSharp", torchSharp, searchPath: null);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return Explain(libtorchLoads, e.Message);
        }
    }

    private static string FirstLine(string text, string with) => text.Split('\n')
        .First(line => line.Contains(with, StringComparison.Ordinal)).Trim();
}
