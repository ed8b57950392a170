namespace Microsoft.ML.NTM;

/// <summary>What runs a network.</summary>
public enum SequenceBackend
{
    /// <summary>
    /// By ML.NET's convention: Torch on <see cref="MLContext.GpuDeviceId"/> where that is set and there is such a device, else Managed;
    /// without the device and without <see cref="MLContext.FallbackToCpu"/>, an error.
    /// </summary>
    Auto,

    /// <summary>The library's own engine: any CPU, no libtorch.</summary>
    Managed,

    /// <summary>TorchSharp: CUDA GPUs and libtorch's CPU. The application references a libtorch package.</summary>
    Torch,
}
