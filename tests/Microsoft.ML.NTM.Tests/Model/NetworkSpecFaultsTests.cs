using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Tests.Model;

[TestClass]
public sealed class NetworkSpecFaultsTests
{
    [TestMethod]
    public void DefaultsAreSoundInEveryFamily()
    {
        foreach (NetworkKind kind in Enum.GetValues<NetworkKind>())
            Assert.AreEqual(0, new NetworkSpec { Kind = kind }.Faults().Count, string.Join(" ", new NetworkSpec { Kind = kind }.Faults()));
    }

    [TestMethod]
    public void AllFaultsAreReportedTogether()
    {
        var spec = new NetworkSpec
        {
            InputSize = 0,
            OutputSize = -1,
            ControllerSize = 0,
            Controller = ControllerKind.FeedForward,
            ControllerLayers = 2,
            MemorySlots = 4,
            MemoryWidth = 0,
            NumberOfReadHeads = 0,
            NumberOfWriteHeads = 0,
            ShiftRange = 2,
            ControllerClip = float.NaN,
            Deallocation = true,
        };
        IReadOnlyList<string> faults = spec.Faults();
        Assert.AreEqual(10, faults.Count, string.Join("\n", faults));

        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(spec.ThrowIfFaulty);
        foreach (string fault in faults)
            StringAssert.Contains(error.Message, fault);
        StringAssert.Contains(error.Message, "ShiftRange is 2");
        StringAssert.Contains(error.Message, "A feed-forward controller has 1 layer; ControllerLayers is 2.");
    }

    [TestMethod]
    public void ShiftsMayCoverEverySlotButNotMore()
    {
        var spec = new NetworkSpec { MemorySlots = 5, ShiftRange = 2 };
        Assert.AreEqual(0, spec.Faults().Count);
        Assert.AreEqual(1, (spec with { MemorySlots = 4 }).Faults().Count);
        Assert.AreEqual(1, (spec with { ShiftRange = int.MaxValue }).Faults().Count);
        Assert.AreEqual(1, (spec with { ShiftRange = -1 }).Faults().Count);
    }

    [TestMethod]
    public void SettingsOfAnotherFamilyAreFaults()
    {
        Assert.AreEqual(1, new NetworkSpec { Kind = NetworkKind.Dnc, NumberOfWriteHeads = 2 }.Faults().Count);
        Assert.AreEqual(1, new NetworkSpec { Kind = NetworkKind.Dnc, KeyTanh = true }.Faults().Count);
        Assert.AreEqual(1, new NetworkSpec { Kind = NetworkKind.Lstm, InitialMemory = InitialMemory.Learned }.Faults().Count);
        Assert.AreEqual(1, new NetworkSpec { Kind = NetworkKind.Lstm, Controller = ControllerKind.FeedForward }.Faults().Count);
        Assert.AreEqual(1, new NetworkSpec { Kind = NetworkKind.Ntm, LinkSharpening = true }.Faults().Count);
        Assert.AreEqual(1, new NetworkSpec { Kind = (NetworkKind)9 }.Faults().Count);
    }

    [TestMethod]
    public void AnEmbeddingIsWholeAndFitsAmongTheInputs()
    {
        var spec = new NetworkSpec { InputSize = 7, EmbeddingSize = 3, VocabularySize = 10, KeysPerStep = 2 };
        Assert.AreEqual(0, spec.Faults().Count);
        StringAssert.Contains((spec with { VocabularySize = 0 }).Faults().Single(), "must all be 0 or none");
        StringAssert.Contains((spec with { KeysPerStep = 3 }).Faults().Single(),
            "The 3 embedded keys of 3 numbers must be among the 7 inputs");
        StringAssert.Contains((spec with { EmbeddingSize = -1 }).Faults()[0], "EmbeddingSize must be from 0");
        StringAssert.Contains((spec with { VocabularySize = 1 << 28 }).Faults().Single(), "parameters; at most");
    }

    [TestMethod]
    public void HugeTotalsAreRefusedWithoutOverflow()
    {
        const int Huge = NetworkSpecFaults.MaxSize;
        foreach (NetworkKind kind in Enum.GetValues<NetworkKind>())
        {
            var spec = new NetworkSpec
            {
                Kind = kind,
                InputSize = Huge,
                OutputSize = Huge,
                ControllerSize = Huge,
                ControllerLayers = NetworkSpecFaults.MaxLayers,
                MemorySlots = Huge,
                MemoryWidth = Huge,
                NumberOfReadHeads = Huge,
                NumberOfWriteHeads = kind == NetworkKind.Dnc ? 1 : Huge,
            };
            StringAssert.Contains(spec.Faults()[0], "parameters; at most");
        }
        var wide = new NetworkSpec { Kind = NetworkKind.Dnc, MemorySlots = 20_000, MemoryWidth = 1 };
        StringAssert.Contains(wide.Faults().Single(), "state per sequence");
    }

    [TestMethod]
    public void CountedParametersAreThoseOfTheLayout()
    {
        var random = new SeededRandom(5);
        for (int i = 0; i < 300; i++)
        {
            bool embeds = random.NextInt(2) == 0;
            var kind = (NetworkKind)random.NextInt(3);
            ControllerKind controller = kind == NetworkKind.Lstm ? ControllerKind.Lstm : (ControllerKind)random.NextInt(2);
            bool ntm = kind == NetworkKind.Ntm, dnc = kind == NetworkKind.Dnc;
            var spec = new NetworkSpec
            {
                Kind = kind,
                Controller = controller,
                InputSize = 6 + random.NextInt(9),
                EmbeddingSize = embeds ? 3 : 0,
                VocabularySize = embeds ? 1 + random.NextInt(9) : 0,
                KeysPerStep = embeds ? 2 : 0,
                OutputSize = 1 + random.NextInt(9),
                ControllerSize = 1 + random.NextInt(9),
                ControllerLayers = controller == ControllerKind.Lstm ? 1 + random.NextInt(3) : 1,
                MemorySlots = 5 + random.NextInt(9),
                MemoryWidth = 1 + random.NextInt(9),
                NumberOfReadHeads = 1 + random.NextInt(4),
                NumberOfWriteHeads = dnc ? 1 : 1 + random.NextInt(3),
                ShiftRange = random.NextInt(3),
                WriteRule = ntm ? (MemoryWriteRule)random.NextInt(2) : default,
                InitialMemory = ntm ? (InitialMemory)random.NextInt(3) : default,
                InitialWeightings = (InitialWeightings)random.NextInt(2),
                MaskedContent = dnc && random.NextInt(2) == 0,
                LinkSharpening = dnc && random.NextInt(2) == 0,
            };
            Assert.AreEqual(0, spec.Faults().Count, string.Join(" ", spec.Faults()));
            Assert.AreEqual(new ParameterLayout(spec).Length, NetworkSpecFaults.CountParameters(spec), spec.ToString());
        }
    }
}
