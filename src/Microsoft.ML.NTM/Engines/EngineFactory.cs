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
    /// <param name="sequence">The loss and its groups.</param>
    /// <param name="threads">Threads of the managed engine.</param>
    /// <param name="gradients">How gradients are made.</param>
    /// <param name="warn">Told where something else than asked for is used.</param>
    /// <exception cref="InvalidOperationException">The device or libtorch is not there, and nothing else may take its place.</exception>
    public static EngineChoice Prepare(EngineRequest request, NetworkSpec network, SequenceSpec sequence, int threads,
        GradientSettings gradients, Action<string> warn)
    {
        SequenceBackend choice = request.Backend;
        if (choice == SequenceBackend.Managed || choice == SequenceBackend.Auto && request.GpuDeviceId is null)
            return new EngineChoice(() => new ManagedEngine(network, sequence, threads, gradients), PaysPerCall: false);
        TorchDevice device = TorchDevice.Choose(request.GpuDeviceId, request.FallbackToCpu);
        if (device.Warning is string warning)
            warn(warning);
        if (choice == SequenceBackend.Auto && device.GpuIndex is null)
            return new EngineChoice(() => new ManagedEngine(network, sequence, threads, gradients), PaysPerCall: false);
        TorchBackend.Require();
        return new EngineChoice(() => TorchEngine.Create(network, sequence, device, gradients), PaysPerCall: true);
    }
}
