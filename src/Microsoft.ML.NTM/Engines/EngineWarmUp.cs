using System.Collections.Concurrent;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;

namespace Microsoft.ML.NTM.Engines;

/// <summary>
/// Has the managed engine's code compiled while whoever loads a model still does other things: on another core, once per kind of network
/// in a process. Nothing comes of it but compiled code, and nothing waits for it.
/// </summary>
internal static class EngineWarmUp
{
    // Enough for products of 8 and of 4 steps and of what is left over.
    private const int Steps = 13;

    // As the defaults: with fewer units, products of other shapes would be compiled.
    private const int MostUnits = 100, MostSlots = 128, MostWidth = 20, Most = 32, MostHeads = 4, MostLayers = 2, MostShift = 1;

    private static readonly ConcurrentDictionary<int, Task> s_started = [];

    /// <summary>Begins where there is a core for it and this kind of network has not been seen. Never fails.</summary>
    /// <returns>What tests wait for.</returns>
    public static Task Start(NetworkSpec network) => Environment.ProcessorCount < 2 ? Task.CompletedTask
        : s_started.GetOrAdd((int)network.Kind * 4 + (int)network.Controller * 2 + (network.Bidirectional ? 1 : 0),
            _ => Task.Run(() => Try(network)));

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

    /// <summary>Scores one sequence of zeros, by weights of zero.</summary>
    internal static void Score(NetworkSpec network)
    {
        using var engine = new ManagedEngine(network, new SequenceSpec { FeatureSize = network.InputSize }, threads: 1,
            GradientSettings.Exact);
        engine.Load(new float[new ParameterLayout(network).Length]);
        var batch = new SequenceBatch(network.InputSize, network.OutputSize, network.KeysPerStep);
        batch.Reset(rows: 1, Steps);
        batch.Lengths[0] = Steps;
        engine.Score(batch, new float[Steps * network.OutputSize]);
    }

    private static void Try(NetworkSpec network)
    {
        try
        {
            Score(Small(network));
        }
        // Whoever scores next has the same fault, and hears of it.
        catch (Exception)
        {
        }
    }
}
