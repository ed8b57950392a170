using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Engines.Managed;

[TestClass]
public sealed class DncGradientTests
{
    private static readonly int[] s_lengths = [6, 1, 4, 4, 3];

    [TestMethod]
    public void GradientsAndScoresOf200ComputersAreThoseOfTheTorchEngineInDoublePrecision()
    {
        for (int seed = 0; seed < 200; seed++)
            Check(seed, SimdWidths.Best);
    }

    [TestMethod]
    [DataRow((int)SimdWidth.Portable)]
    [DataRow((int)SimdWidth.Avx2)]
    public void NarrowerVectorsAgreeAsWell(int bits)
    {
        var width = (SimdWidth)bits;
        if (!SimdWidths.Runs(width))
            Assert.Inconclusive($"This machine has no {width}.");
        for (int seed = 300; seed < 320; seed++)
            Check(seed, width);
    }

    [TestMethod]
    public void GradientsAgreeWithSeveralVectorsOfSlotsAndMoreHeadsThanGoTogether()
    {
        NetworkSpec spec = new() { Kind = NetworkKind.Dnc, InputSize = 5, OutputSize = 4, ControllerSize = 24, MemorySlots = 37, MemoryWidth = 9, NumberOfReadHeads = 5 };
        foreach (NetworkSpec network in new[] { spec, spec with { MaskedContent = true, Deallocation = true, LinkSharpening = true, ControllerLayers = 2, NumberOfReadHeads = 4 } })
        {
            var sequence = new SequenceSpec { Loss = SequenceLoss.BinaryCrossEntropy };
            SequenceBatch batch = RandomBatches.Batch(network, sequence, [12, 11, 11, 7, 5, 5, 5, 5, 2], 1);
            float[] parameters = Array.ConvertAll(RandomBatches.Parameters(network, 1, 0.3), x => (float)x);
            Oracle.Check(network, sequence, batch, parameters, SimdWidths.Best, $"at a larger size: {network}");
        }
    }

    [TestMethod]
    public void GradientsAgreeAtTrainedWeights()
    {
        for (int seed = 500; seed < 508; seed++)
        {
            (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(NetworkKind.Dnc, seed);
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
            Assert.IsLessThanOrEqualTo(before, after, $"training did nothing for seed {seed}");
            SequenceBatch fresh = RandomBatches.Batch(spec, sequence, s_lengths, seed + 1);
            Oracle.Check(spec, sequence, fresh, parameters, SimdWidths.Best, $"of seed {seed} after training: {spec}, {sequence}");
        }
    }

    private static void Check(int seed, SimdWidth width)
    {
        (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(NetworkKind.Dnc, seed);
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths[..(1 + seed % 5)], seed);
        Oracle.Check(spec, sequence, batch, Parameters(spec, seed), width, $"of seed {seed}, {width}: {spec}, {sequence}");
    }

    private static float[] Parameters(NetworkSpec spec, int seed) => Array.ConvertAll(RandomBatches.Parameters(spec, seed), x => (float)x);
}
