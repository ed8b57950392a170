using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Engines.Managed;

[TestClass]
public sealed class DncEngineTests
{
    private static readonly SequenceSpec s_binary = new() { Loss = SequenceLoss.BinaryCrossEntropy };

    [TestMethod]
    public void ExtremeParametersGiveFiniteLossesGradientsAndScores()
    {
        foreach (double scale in new[] { 0, 1e-20, 1e-6, 30, 1000 })
        {
            for (int seed = 0; seed < 24; seed++)
            {
                NetworkSpec spec = RandomSpecs.Get(NetworkKind.Dnc, seed).Network;
                SequenceBatch batch = RandomBatches.Batch(spec, s_binary, [9, 4, 1], seed);
                float[] parameters = Parameters(spec, seed, scale), gradient = new float[parameters.Length];
                var scores = new float[batch.Steps * batch.Rows * spec.OutputSize];
                foreach (SimdWidth width in Enum.GetValues<SimdWidth>().Where(SimdWidths.Runs))
                {
                    using var engine = new ManagedEngine(spec, s_binary, threads: 1, width);
                    Assert.IsTrue(double.IsFinite(engine.LossAndGradient(batch, parameters, gradient)),
                        $"loss, {scale}, seed {seed}, {width}");
                    Assert.IsTrue(gradient.All(float.IsFinite), $"gradient, {scale}, seed {seed}, {width}");
                    engine.Score(batch, parameters, scores);
                    Assert.IsTrue(scores.All(float.IsFinite), $"scores, {scale}, seed {seed}, {width}");
                }
            }
        }
    }

    // Parameters of 0 keep every usage equal, and closed write gates keep them all 0: every slot ties with every other.
    [TestMethod]
    [DataRow(0.0, 0.0)]
    [DataRow(0.3, -100.0)]
    [DataRow(0.3, 100.0)]
    public void EqualAndZeroUsagesAgreeWithTheTorchEngine(double scale, double writeGate)
    {
        foreach (bool improved in new[] { false, true })
        {
            NetworkSpec spec = new()
            {
                Kind = NetworkKind.Dnc,
                InputSize = 3,
                OutputSize = 2,
                ControllerSize = 6,
                MemorySlots = 6,
                MemoryWidth = 4,
                NumberOfReadHeads = 2,
                MaskedContent = improved,
                Deallocation = improved,
                LinkSharpening = improved,
            };
            float[] parameters = Parameters(spec, 1, scale);
            int gate = spec.NumberOfReadHeads * (spec.MemoryWidth + 1) + 3 * spec.MemoryWidth + 1 + spec.NumberOfReadHeads + 1;
            parameters[new ParameterLayout(spec)["interface.bias"].Offset + gate] = (float)writeGate;
            SequenceBatch batch = RandomBatches.Batch(spec, s_binary, [6, 3], 1);
            Oracle.Check(spec, s_binary, batch, parameters, SimdWidths.Best, $"improved {improved}, write gate {writeGate}");
        }
    }

    [TestMethod]
    public void ALongSequenceKeepsFarLessThanAllLinks()
    {
        NetworkSpec spec = new()
        {
            Kind = NetworkKind.Dnc,
            InputSize = 3,
            OutputSize = 2,
            ControllerSize = 8,
            MemorySlots = 128,
            MemoryWidth = 8,
        };
        SequenceBatch batch = RandomBatches.Batch(spec, s_binary, [2000], 1);
        float[] parameters = Parameters(spec, 1, 0.1), gradient = new float[parameters.Length];
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var engine = new ManagedEngine(spec, s_binary, threads: 1);
        Assert.IsTrue(double.IsFinite(engine.LossAndGradient(batch, parameters, gradient)));
        Assert.IsTrue(gradient.All(float.IsFinite));
        // 2000 x 64 KB would be 128 MB.
        Assert.IsLessThan(48L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // What is kept of the links, and where from a step is replayed, depends on how many steps there are.
    [TestMethod]
    public void ASequenceLongEnoughForStepsToBeReplayedAgreesWithTheTorchEngine()
    {
        NetworkSpec spec = new()
        {
            Kind = NetworkKind.Dnc,
            InputSize = 2,
            OutputSize = 2,
            ControllerSize = 5,
            MemorySlots = 127,
            MemoryWidth = 3,
            Deallocation = true,
        };
        SequenceBatch batch = RandomBatches.Batch(spec, s_binary, [71, 68], 1);
        Oracle.Check(spec, s_binary, batch, Parameters(spec, 1, 0.3), SimdWidths.Best, "of 71 steps");
    }

    private static float[] Parameters(NetworkSpec spec, int seed, double scale) =>
        Array.ConvertAll(RandomBatches.Parameters(spec, seed, scale), x => (float)x);
}
