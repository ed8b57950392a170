using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Engines.Managed;

[TestClass]
public sealed class ManagedEngineGradientTests
{
    private static readonly int[] s_lengths = [4, 1, 3, 3, 2];

    [TestMethod]
    [DataRow(NetworkKind.Ntm, 0, 160)]
    [DataRow(NetworkKind.Lstm, 0, 40)]
    public void GradientsAndScoresAreThoseOfTheTorchEngineInDoublePrecision(NetworkKind kind, int from, int count)
    {
        for (int seed = from; seed < from + count; seed++)
            Check(kind, seed, SimdWidths.Best);
    }

    [TestMethod]
    [DataRow((int)SimdWidth.Portable)]
    [DataRow((int)SimdWidth.Avx2)]
    public void NarrowerVectorsAgreeAsWell(int bits)
    {
        var width = (SimdWidth)bits;
        if (!SimdWidths.Runs(width))
            Assert.Inconclusive($"This machine has no {width}.");
        for (int seed = 300; seed < 330; seed++)
            Check(seed % 4 == 0 ? NetworkKind.Lstm : NetworkKind.Ntm, seed, width);
    }

    [TestMethod]
    public void GradientsAgreeAtThePapersSizes()
    {
        NetworkSpec spec = new() { InputSize = 9, OutputSize = 8, ControllerSize = 100, MemorySlots = 128, MemoryWidth = 20 };
        foreach (NetworkSpec network in new[] { spec, spec with { Controller = ControllerKind.FeedForward, NumberOfReadHeads = 2, MemorySlots = 70, ShiftRange = 2 } })
        {
            var sequence = new SequenceSpec { Loss = SequenceLoss.BinaryCrossEntropy };
            SequenceBatch batch = RandomBatches.Batch(network, sequence, [15, 13, 13, 12, 9, 9, 9, 9, 5], 1);
            float[] parameters = Array.ConvertAll(RandomBatches.Parameters(network, 1, 0.15), x => (float)x);
            Oracle.Check(network, sequence, batch, parameters, SimdWidths.Best, $"at the paper's size: {network}");
        }
    }

    [TestMethod]
    public void GradientsAgreeAtTrainedWeights()
    {
        for (int seed = 500; seed < 512; seed++)
        {
            (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(NetworkKind.Ntm, seed);
            SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths, seed);
            float[] parameters = Array.ConvertAll(RandomBatches.Parameters(spec, seed), x => (float)x), gradient = new float[parameters.Length];
            using var engine = new ManagedEngine(spec, sequence, threads: 1);
            double before = engine.LossAndGradient(batch, parameters, gradient), after = before;
            for (int iteration = 0; iteration < 500; iteration++)
            {
                float length = MathF.Sqrt(gradient.Sum(x => x * x)) + 1e-6f;
                for (int i = 0; i < parameters.Length; i++)
                    parameters[i] -= 0.05f * Math.Min(1f, 1f / length) * gradient[i];
                after = engine.LossAndGradient(batch, parameters, gradient);
            }
            Assert.IsLessThanOrEqualTo(before, after, $"training did nothing for seed {seed}");
            // Fresh sequences: on those it has learned, residuals and so gradients are small differences of rounded scores.
            SequenceBatch fresh = RandomBatches.Batch(spec, sequence, s_lengths, seed + 1);
            Oracle.Check(spec, sequence, fresh, parameters, SimdWidths.Best, $"of seed {seed} after training: {spec}, {sequence}");
        }
    }

    private static void Check(NetworkKind kind, int seed, SimdWidth width)
    {
        (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(kind, seed);
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths[..(1 + seed % 5)], seed);
        float[] parameters = Array.ConvertAll(RandomBatches.Parameters(spec, seed), x => (float)x);
        Oracle.Check(spec, sequence, batch, parameters, width, $"of seed {seed}, {width}: {spec}, {sequence}");
    }
}
