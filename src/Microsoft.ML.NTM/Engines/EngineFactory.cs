using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Engines.Torch;

namespace Microsoft.ML.NTM.Engines;

/// <summary>Chooses what runs a network. Nothing of libtorch is touched unless the Torch engine is chosen or a GPU is asked for.</summary>
internal static class EngineFactory
{
    /// <summary>What takes a network step by step, before the first step: always the managed engine. The parameters are copied.</summary>
    /// <exception cref="NotSupportedException">The network reads sequences in both directions.</exception>
    public static IStepper CreateStepper(NetworkSpec network, SequenceSpec sequence, ReadOnlySpan<float> parameters)
    {
        RequireSteps(network);
        return ManagedStepper.Create(network, sequence, parameters);
    }

    /// <summary>Does nothing for a network that can take a sequence step by step.</summary>
    /// <exception cref="NotSupportedException">The network reads sequences in both directions.</exception>
    public static void RequireSteps(NetworkSpec network)
    {
        if (network.Bidirectional)
        {
            throw new NotSupportedException("The model cannot go step by step: its LSTM reads sequences in both directions "
                + "(Bidirectional) and needs the whole sequence. Score with Transform or a PredictionEngine.");
        }
    }

    /// <summary>Decides once and gives back what was chosen and how to make it, as often as threads need one.</summary>
    /// <param name="request">What the option and the MLContext ask for.</param>
    /// <param name="network">The network.</param>
    /// <param name="format">Its sequences.</param>
    /// <param name="threads">Threads of the managed engine.</param>
    /// <param name="gradients">How gradients are made.</param>
    /// <param name="warn">Told where something else than asked for is used.</param>
    /// <exception cref="InvalidOperationException">The device or libtorch is not there, and nothing else may take its place.</exception>
    public static EngineChoice Prepare(EngineRequest request, NetworkSpec network, SequenceFormat format, int threads,
        GradientSettings gradients, Action<string> warn)
    {
        SequenceBackend choice = request.Backend;
        if (choice == SequenceBackend.Managed || choice == SequenceBackend.Auto && request.GpuDeviceId is null)
            return Managed(network, format, threads, gradients);
        TorchDevice device = TorchDevice.Choose(request.GpuDeviceId, request.FallbackToCpu);
        if (device.Warning is string warning)
            warn(warning);
        if (choice == SequenceBackend.Auto && device.GpuIndex is null)
            return Managed(network, format, threads, gradients);
        TorchBackend.Require();
        MemoryNeed need = NeedOf(SequenceBackend.Torch, network, threads, gradients);
        var limit = new MemoryLimit(need, format, device.GpuIndex is null ? MemoryLimit.Default : long.MaxValue);
        return new EngineChoice(nameof(TorchEngine),
            () => new LimitedEngine(TorchEngine.Create(network, format.Spec, device, gradients), limit), PaysPerCall: true, limit);
    }

    /// <summary>What an engine takes, known before; where the backend is not decided, the managed one.</summary>
    public static MemoryNeed NeedOf(SequenceBackend backend, NetworkSpec network, int threads, GradientSettings gradients) =>
        backend == SequenceBackend.Torch ? new TorchMemoryNeed(network) { Truncation = gradients.TruncationSteps }
            : new ManagedMemoryNeed(network, threads) { Truncation = gradients.TruncationSteps };

    /// <summary>What a trace of a network may take: it is made step by step, and all of it is held.</summary>
    public static MemoryLimit TraceLimit(NetworkSpec network, SequenceFormat format) =>
        new(new ManagedMemoryNeed(network, threads: 1), format, MemoryLimit.Default);

    private static EngineChoice Managed(NetworkSpec network, SequenceFormat format, int threads, GradientSettings gradients)
    {
        MemoryNeed need = NeedOf(SequenceBackend.Managed, network, threads, gradients);
        var limit = new MemoryLimit(need, format, MemoryLimit.Default);
        return new EngineChoice(nameof(ManagedEngine),
            () => new LimitedEngine(new ManagedEngine(network, format.Spec, threads, gradients), limit), PaysPerCall: false, limit);
    }
}
