using Microsoft.ML.Runtime;

namespace Microsoft.ML.NTM.Interop;

/// <summary>What an ML.NET environment knows about GPUs and cancellation; ML.NET keeps the interfaces internal.</summary>
internal static class HostEnvironments
{
    /// <summary>The GPU that the user's <see cref="MLContext"/> asks for, or null; and whether a CPU will do instead.</summary>
    public static (int? GpuDeviceId, bool FallbackToCpu) Gpu(this IHostEnvironment environment) =>
        environment is IHostEnvironmentInternal host ? (host.GpuDeviceId, host.FallbackToCpu) : (null, true);

    /// <summary>Throws <see cref="OperationCanceledException"/> once the context's execution was cancelled.</summary>
    public static void ThrowIfCancelled(this IHostEnvironment environment) => environment.CheckAlive();

    /// <summary>Puts a warning into the log.</summary>
    public static void Warn(this IHost host, string message)
    {
        using IChannel channel = host.Start("Warning");
        channel.Warning(MessageSensitivity.None, message);
    }
}
