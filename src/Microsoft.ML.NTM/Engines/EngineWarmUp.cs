using System.Collections.Concurrent;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;

namespace Microsoft.ML.NTM.Engines;

/// <summary>
/// Has the managed engine's code compiled while whoever loads a model, or looks at training data first, still does other things: on
/// another core, once per kind of network in a process. Nothing comes of it but compiled code, and nothing waits for it.
/// </summary>
internal static class EngineWarmUp
{
    // Enough for products of 8 and of 4 steps and of what is left over.
    private const int Steps = 13;

    // A group of rows, as training takes them.
    private const int Rows = 8;

    // As the defaults: with fewer units, products of other shapes would be compiled.
    private const int MostUnits = 100, MostSlots = 128, MostWidth = 20, Most = 32, MostHeads = 4, MostLayers = 2, MostShift = 1;

    private static readonly ConcurrentDictionary<int, Task> s_started = [];

    /// <summary>Begins where there is a core for it and this kind of network has not been seen. Never fails.</summary>
    /// <param name="network">Stood in for by a small one.</param>
    /// <param name="trains">Whether it will be trained.</param>
    /// <returns>What tests wait for.</returns>
    public static Task Start(NetworkSpec network, bool trains = false) => Environment.ProcessorCount < 2 ? Task.CompletedTask
        : s_started.GetOrAdd(KeyOf(network, trains), _ => Task.Run(() => Try(Small(network), trains)));

    private static int KeyOf(NetworkSpec network, bool trains) => (int)network.Kind * 8 + (int)network.Controller * 4
        + (network.Bidirectional ? 2 : 0) + (trains ? 1 : 0);

    /// <summary>A network of the same kind that costs next to nothing, whatever the other's sizes.</summary>
    internal static NetworkSpec Small(NetworkSpec network)
    {
        int keys = Math.Min(network.KeysPerStep, 1), embedding = Math.Min(network.EmbeddingSize, Most);
        return network with
        {
            InputSize = Math.Max(Math.Min(network.InputSize, Most), keys * embedding),
            EmbeddingSize = embedding,
            VocabularySize = Math.Min(network.VocabularySize, Most),
            KeysPerStep = keys,
            OutputSize = Math.Min(network.OutputSize, Most),
            ControllerSize = Math.Min(network.ControllerSize, MostUnits),
            ControllerLayers = Math.Min(network.ControllerLayers, MostLayers),
            MemorySlots = Math.Min(network.MemorySlots, MostSlots),
            MemoryWidth = Math.Min(network.MemoryWidth, MostWidth),
            NumberOfReadHeads = Math.Min(network.NumberOfReadHeads, MostHeads),
            NumberOfWriteHeads = Math.Min(network.NumberOfWriteHeads, MostHeads),
            ShiftRange = Math.Min(network.ShiftRange, MostShift),
        };
    }

    /// <summary>Scores a sequence of zeros, or takes the gradient of a few, by weights of zero.</summary>
    internal static void Run(NetworkSpec network, bool trains)
    {
        var sequence = new SequenceSpec { FeatureSize = network.InputSize };
        using var engine = new ManagedEngine(network, sequence, threads: 1, GradientSettings.Exact);
        float[] parameters = new float[new ParameterLayout(network).Length];
        engine.Load(parameters);
        var batch = new SequenceBatch(network.InputSize, network.OutputSize, network.KeysPerStep);
        batch.Reset(trains ? Rows : 1, Steps);
        batch.Lengths.AsSpan().Fill(Steps);
        batch.Targets.AsSpan().Clear();
        if (trains)
            engine.LossAndGradient(batch, parameters);
        else
            engine.Score(batch, new float[Steps * network.OutputSize]);
    }

    private static void Try(NetworkSpec network, bool trains)
    {
        try
        {
            Run(network, trains);
        }
        // Whoever uses the network next has the same fault, and hears of it.
        catch (Exception)
        {
        }
    }
}
