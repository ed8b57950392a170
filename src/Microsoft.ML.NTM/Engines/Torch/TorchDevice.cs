using System.Runtime.CompilerServices;
using TorchSharp;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>Where the Torch engine computes, by ML.NET's convention (<c>MLContext.GpuDeviceId</c> and <c>FallbackToCpu</c>).</summary>
/// <param name="GpuIndex">The CUDA device; null: the CPU.</param>
/// <param name="Warning">What to log when the CPU stands in for the GPU that was asked for; else null.</param>
internal sealed record TorchDevice(int? GpuIndex, string? Warning = null)
{
    /// <summary>The CPU, as asked for.</summary>
    public static TorchDevice Cpu { get; } = new(GpuIndex: null);

    /// <summary>The very GPU that was asked for, or, where it is not there and may be done without, the CPU with a warning.</summary>
    /// <param name="gpuDeviceId">The CUDA device's index; null: the CPU.</param>
    /// <param name="fallbackToCpu">Whether the CPU may stand in.</param>
    /// <exception cref="InvalidOperationException">There is no such GPU and the CPU may not stand in.</exception>
    public static TorchDevice Choose(int? gpuDeviceId, bool fallbackToCpu) => Choose(gpuDeviceId, fallbackToCpu, CountGpus);

    /// <summary>
    /// <see cref="Choose(int?, bool)"/> where <paramref name="countGpus"/> says how many GPUs there are or why none can be used.
    /// </summary>
    internal static TorchDevice Choose(int? gpuDeviceId, bool fallbackToCpu, Func<(int Count, string? Failure)> countGpus)
    {
        if (gpuDeviceId is not { } index)
            return Cpu;
        (int count, string? failure) = countGpus();
        if (index >= 0 && index < count)
            return new TorchDevice(index);
        string fault = $"GpuDeviceId is {index}: {failure ?? Found(count)}";
        return fallbackToCpu
            ? new TorchDevice(GpuIndex: null, $"{fault} The CPU is used, because FallbackToCpu is set.")
            : throw new InvalidOperationException($"{fault} Set FallbackToCpu to train and score on the CPU, or GpuDeviceId to null.");
    }

    /// <summary>TorchSharp's name for the device.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public torch.Device ToTorch() => GpuIndex is { } index ? new torch.Device(DeviceType.CUDA, index) : torch.CPU;

    private static string Found(int count) => count == 0
        ? "libtorch finds no CUDA device here (a TorchSharp-cuda package, an NVIDIA GPU and its driver are needed)."
        : $"libtorch finds only the CUDA devices 0..{count - 1} here.";

    private static (int Count, string? Failure) CountGpus() => TorchBackend.Failure is { } failure ? (0, failure) : (CudaDevices(), null);

    // Apart, so that nothing of TorchSharp runs before the backend is known to load.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int CudaDevices() => torch.TryInitializeDeviceType(DeviceType.CUDA) ? torch.cuda.device_count() : 0;
}
