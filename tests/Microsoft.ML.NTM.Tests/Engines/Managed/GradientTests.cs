using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Engines.Managed;

/// <summary>
/// The managed engine's gradients and scores next to the Torch engine's in double precision; each network is its own case.
/// </summary>
[TestClass]
public sealed class GradientTests
{
    // Of all networks compared, this share may need more than the tolerance because they amplify rounding; seen: 2 of 550.
    private const double LargestWidenedShare = 0.01;

    // What training leaves of the loss at most; seen: 0.96.
    private const double LargestLossLeft = 0.97;

    private static readonly int[] s_lengths = [6, 1, 4, 4, 3];

    private static IEnumerable<object[]> Networks =>
        [.. Seeds(NetworkKind.Ntm, 0, 160), .. Seeds(NetworkKind.Dnc, 0, 200), .. Seeds(NetworkKind.Lstm, 0, 40)];

    private static IEnumerable<object[]> NetworksOfNarrowerVectors =>
        from network in Seeds(NetworkKind.Ntm, 300, 24).Concat(Seeds(NetworkKind.Dnc, 300, 20)).Concat(Seeds(NetworkKind.Lstm, 300, 8))
        from width in new[] { SimdWidth.Portable, SimdWidth.Avx2 }
        select (object[])[.. network, (int)width];

    private static IEnumerable<object[]> TrainedNetworks => Seeds(NetworkKind.Ntm, 500, 14).Concat(Seeds(NetworkKind.Dnc, 500, 9))
        .Where(network => HasSomethingToLearn(RandomSpecs.Get((NetworkKind)network[0], (int)network[1])));

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void GradientsAndScoresAreThoseOfTheTorchEngineInDoublePrecision(NetworkKind kind, int seed) =>
        Check(kind, seed, SimdWidths.Best);

    [TestMethod]
    [DynamicData(nameof(NetworksOfNarrowerVectors))]
    public void NarrowerVectorsAgreeAsWell(NetworkKind kind, int seed, int bits)
    {
        var width = (SimdWidth)bits;
        if (!SimdWidths.Runs(width))
            Assert.Inconclusive($"This machine has no {width}.");
        Check(kind, seed, width);
    }

    [TestMethod]
    [DataRow(NetworkKind.Ntm, ControllerKind.Lstm, 128, 20, 1, 1, false)]
    [DataRow(NetworkKind.Ntm, ControllerKind.FeedForward, 70, 20, 2, 2, false)]
    [DataRow(NetworkKind.Dnc, ControllerKind.Lstm, 37, 9, 5, 1, false)]
    [DataRow(NetworkKind.Dnc, ControllerKind.Lstm, 37, 9, 4, 1, true)]
    public void GradientsAgreeAtLargerSizes(
        NetworkKind kind, ControllerKind controller, int slots, int width, int readHeads, int shifts, bool improved)
    {
        NetworkSpec spec = new()
        {
            Kind = kind,
            InputSize = 9,
            OutputSize = 8,
            Controller = controller,
            ControllerSize = kind == NetworkKind.Dnc ? 24 : 100,
            ControllerLayers = improved ? 2 : 1,
            MemorySlots = slots,
            MemoryWidth = width,
            NumberOfReadHeads = readHeads,
            ShiftRange = shifts,
            MaskedContent = improved,
            Deallocation = improved,
            LinkSharpening = improved,
        };
        var sequence = new SequenceSpec { Loss = SequenceLoss.BinaryCrossEntropy };
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, [15, 13, 13, 12, 9, 9, 9, 9, 5], 1);
        float[] parameters = Parameters(spec, 1, kind == NetworkKind.Dnc ? 0.3 : 0.15);

        Oracle.Check(spec, sequence, batch, parameters, SimdWidths.Best, $"at a larger size: {spec}");
    }

    [TestMethod]
    [DynamicData(nameof(TrainedNetworks))]
    public void GradientsAgreeAtTrainedWeights(NetworkKind kind, int seed)
    {
        (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(kind, seed);
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths, seed);
        float[] parameters = Parameters(spec, seed), gradient = new float[parameters.Length];
        using var engine = new ManagedEngine(spec, sequence, threads: 1);
        double before = engine.LossAndGradient(batch, parameters, gradient), after = before;
        for (int iteration = 0; iteration < 300; iteration++)
        {
            float length = MathF.Sqrt(gradient.Sum(x => x * x)) + 1e-6f;
            for (int i = 0; i < parameters.Length; i++)
                parameters[i] -= 0.05f * Math.Min(1f, 1f / length) * gradient[i];
            after = engine.LossAndGradient(batch, parameters, gradient);
        }
        Assert.IsLessThan(LargestLossLeft * before, after, "training did nothing");

        // Fresh sequences: on those it has learned, residuals and so gradients are small differences of rounded scores.
        SequenceBatch fresh = RandomBatches.Batch(spec, sequence, s_lengths, seed + 1);
        Oracle.Check(spec, sequence, fresh, parameters, SimdWidths.Best, $"of seed {seed} after training: {spec}, {sequence}");
    }

    /// <summary>The allowance for networks that amplify rounding must not become the rule.</summary>
    [ClassCleanup]
    public static void FewNetworksNeedTheWiderTolerance()
    {
        (int compared, int widened) = Oracle.Tally;
        Assert.IsLessThanOrEqualTo(1 + LargestWidenedShare * compared, widened, $"of {compared} networks compared");
    }

    // A softmax over one class is right whatever the weights.
    private static bool HasSomethingToLearn((NetworkSpec Network, SequenceSpec Sequence) drawn) =>
        drawn.Sequence.Loss != SequenceLoss.CrossEntropy || drawn.Network.OutputSize > drawn.Sequence.SoftmaxGroups;

    private static IEnumerable<object[]> Seeds(NetworkKind kind, int from, int count) =>
        Enumerable.Range(from, count).Select(seed => new object[] { kind, seed });

    private static void Check(NetworkKind kind, int seed, SimdWidth width)
    {
        (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(kind, seed);
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths[..(1 + seed % 5)], seed);
        Oracle.Check(spec, sequence, batch, Parameters(spec, seed), width, $"of seed {seed}, {width}: {spec}, {sequence}");
    }

    private static float[] Parameters(NetworkSpec spec, int seed, double scale = 1) =>
        Array.ConvertAll(RandomBatches.Parameters(spec, seed, scale), x => (float)x);
}
