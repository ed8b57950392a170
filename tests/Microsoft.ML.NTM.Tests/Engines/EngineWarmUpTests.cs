using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Tests.Engines;

[TestClass]
public sealed class EngineWarmUpTests
{
    private static readonly NetworkSpec s_large = new()
    {
        InputSize = 20_000,
        OutputSize = 100_000,
        ControllerSize = 200,
        MemorySlots = 1_000_000,
        NumberOfReadHeads = 3,
        ShiftRange = 5,
    };

    private static IEnumerable<NetworkSpec> Kinds()
    {
        NetworkSpec memory = s_large with { OutputSize = 3, MemorySlots = 2_000, NumberOfWriteHeads = 1 };
        yield return s_large;
        yield return memory with { Controller = ControllerKind.FeedForward, InitialMemory = InitialMemory.Learned };
        yield return memory with { WriteRule = MemoryWriteRule.Interpolate, InitialWeightings = InitialWeightings.Zero };
        yield return memory with { Kind = NetworkKind.Dnc, ControllerLayers = 4, LinkSharpening = true, MaskedContent = true };
        yield return memory with { Kind = NetworkKind.Dnc, NumberOfReadHeads = 4, Deallocation = true };
        yield return s_large with { Kind = NetworkKind.Lstm, Bidirectional = true, ControllerLayers = 2 };
        yield return new NetworkSpec { Kind = NetworkKind.Lstm, ControllerSize = 1 };
        yield return new NetworkSpec { MemorySlots = 3, MemoryWidth = 1, ControllerSize = 1 };
        yield return memory with { InputSize = 900, EmbeddingSize = 300, VocabularySize = 50_000, KeysPerStep = 3 };
        yield return memory with { InputSize = 5, EmbeddingSize = 2, VocabularySize = 1, KeysPerStep = 2 };
    }

    [TestMethod]
    public void ANetworkOfAnySizeIsStoodInForByASmallOneOfItsKindThatScoresAndLearns()
    {
        foreach (NetworkSpec network in Kinds())
        {
            Assert.IsEmpty(network.Faults(), string.Join(' ', network.Faults()));
            NetworkSpec small = EngineWarmUp.Small(network);
            Assert.IsEmpty(small.Faults(), string.Join(' ', small.Faults()));
            Assert.IsLessThan(1_000_000, new ParameterLayout(small).Length);
            Assert.AreEqual(network with
            {
                InputSize = small.InputSize,
                EmbeddingSize = small.EmbeddingSize,
                VocabularySize = small.VocabularySize,
                KeysPerStep = small.KeysPerStep,
                OutputSize = small.OutputSize,
                ControllerSize = small.ControllerSize,
                ControllerLayers = small.ControllerLayers,
                MemorySlots = small.MemorySlots,
                MemoryWidth = small.MemoryWidth,
                NumberOfReadHeads = small.NumberOfReadHeads,
                NumberOfWriteHeads = small.NumberOfWriteHeads,
                ShiftRange = small.ShiftRange,
            }, small);
            EngineWarmUp.Run(small, trains: false);
            EngineWarmUp.Run(small, trains: true);
        }
    }

    [TestMethod]
    public async Task ItIsDoneOncePerKindAndNeverFails()
    {
        NetworkSpec sound = new() { Kind = NetworkKind.Lstm };
        Task first = EngineWarmUp.Start(sound);
        await first;
        if (Environment.ProcessorCount < 2)
            return;
        Assert.AreSame(first, EngineWarmUp.Start(sound with { ControllerSize = 7 }));
        Assert.AreNotSame(first, EngineWarmUp.Start(sound, trains: true));
        await EngineWarmUp.Start(sound with { Kind = (NetworkKind)1_000, ControllerSize = -1 });
    }
}
