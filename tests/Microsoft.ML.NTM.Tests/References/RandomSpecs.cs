namespace Microsoft.ML.NTM.Tests.References;

/// <summary>Seeded small networks that between them use every kind, option and size the equations allow.</summary>
internal static class RandomSpecs
{
    /// <summary>The <paramref name="seed"/>-th network of a kind and how its sequences are scored.</summary>
    public static (NetworkSpec Network, SequenceSpec Sequence) Get(NetworkKind kind, int seed)
    {
        var random = new Random(seed * 31 + (int)kind);
        bool feedForward = kind != NetworkKind.Lstm && random.Next(3) == 0;
        int slots = random.Next(1, 8), groups = random.Next(1, 3);
        var sequence = new SequenceSpec
        {
            Loss = (SequenceLoss)random.Next(1, 4),
            SoftmaxGroups = groups,
        };
        var network = new NetworkSpec
        {
            Kind = kind,
            InputSize = random.Next(1, 4),
            OutputSize = groups * random.Next(1, 4),
            Controller = feedForward ? ControllerKind.FeedForward : ControllerKind.Lstm,
            ControllerSize = random.Next(1, 6),
            ControllerLayers = feedForward ? 1 : random.Next(1, 4),
            MemorySlots = slots,
            MemoryWidth = random.Next(1, 5),
            NumberOfReadHeads = random.Next(1, 4),
            NumberOfWriteHeads = kind == NetworkKind.Dnc ? 1 : random.Next(1, 4),
            ShiftRange = random.Next(0, (slots - 1) / 2 + 1),
            WriteRule = (MemoryWriteRule)random.Next(2),
            KeyTanh = random.Next(2) == 0,
            InitialMemory = (InitialMemory)random.Next(3),
            InitialWeightings = (InitialWeightings)random.Next(2),
            ControllerClip = random.Next(3) == 0 ? 0.2f : 20f,
            MaskedContent = random.Next(2) == 0,
            Deallocation = random.Next(2) == 0,
            LinkSharpening = random.Next(2) == 0,
        };
        return (Embedded(Sharpened(network, new Random(seed * 43 + (int)kind)), new Random(seed * 37 + (int)kind)), sequence);
    }

    /// <summary>
    /// The <paramref name="seed"/>-th LSTM that reads both ways. In turn it answers every step, once, and after the input.
    /// </summary>
    public static (NetworkSpec Network, SequenceSpec Sequence) BothWays(int seed)
    {
        (NetworkSpec network, SequenceSpec sequence) = Get(NetworkKind.Lstm, seed);
        return (network with { Bidirectional = true }, sequence with
        {
            OneLabelPerSequence = seed % 3 == 1,
            Alignment = seed % 3 == 2 ? SequenceAlignment.AfterInput : SequenceAlignment.EveryStep,
        });
    }

    // Every third network adds the epsilon after the power, as other implementations do or more of it.
    private static NetworkSpec Sharpened(NetworkSpec network, Random random) => network.Kind == NetworkKind.Lstm || random.Next(3) > 0
        ? network
        : network with
        {
            SharpeningEpsilon = random.Next(2) == 0 ? 1e-16f : 1e-3f,
            SharpeningEpsilonPlace = SharpeningEpsilonPlace.AfterPower,
        };

    // Every third network reads keys, too.
    private static NetworkSpec Embedded(NetworkSpec network, Random random)
    {
        if (random.Next(3) > 0)
            return network;
        int size = random.Next(1, 4), keys = random.Next(1, 3);
        return network with
        {
            EmbeddingSize = size,
            VocabularySize = random.Next(1, 5),
            KeysPerStep = keys,
            InputSize = keys * size + random.Next(0, 3),
        };
    }
}
