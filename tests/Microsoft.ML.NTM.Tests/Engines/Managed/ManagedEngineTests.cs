using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Engines.Managed;

[TestClass]
public sealed class ManagedEngineTests
{
    private static readonly NetworkSpec s_copy = new()
    {
        InputSize = 4,
        OutputSize = 3,
        ControllerSize = 20,
        MemorySlots = 37,
        MemoryWidth = 9,
        NumberOfReadHeads = 2,
        NumberOfWriteHeads = 2,
    };
    private static readonly SequenceSpec s_binary = new() { Loss = SequenceLoss.BinaryCrossEntropy };

    [TestMethod]
    public void TwoHundredIterationsGiveTheSameWeightsOnOneTwoAndEightThreads()
    {
        foreach (NetworkSpec spec in Networks())
        {
            float[] one = Descend(spec, threads: 1), two = Descend(spec, threads: 2), eight = Descend(spec, threads: 8);
            CollectionAssert.AreEqual(one, two);
            CollectionAssert.AreEqual(one, eight);
            Assert.IsTrue(one.All(float.IsFinite));
        }
    }

    [TestMethod]
    public void ARowScoresBitIdenticallyAloneAndInAnyBatch()
    {
        foreach (NetworkSpec spec in Networks())
        {
            int[] lengths = [70, 70, 66, 40, 40, 33, 33, 33, 20, 9, 8, 8, 7, 5, 3, 2, 2, 1, 1];
            SequenceBatch batch = RandomBatches.Batch(spec, s_binary, lengths, 3);
            float[] parameters = Parameters(spec, 3, 0.5);
            var together = new float[batch.Steps * batch.Rows * spec.OutputSize];
            using var engine = new ManagedEngine(spec, s_binary, threads: 2);
            engine.Score(batch, parameters, together);
            for (int row = 0; row < batch.Rows; row++)
            {
                SequenceBatch alone = RandomBatches.Alone(batch, row);
                var scores = new float[alone.Steps * spec.OutputSize];
                engine.Score(alone, parameters, scores);
                for (int i = alone.OutputStarts[0] * spec.OutputSize; i < scores.Length; i++)
                {
                    int step = i / spec.OutputSize, output = i % spec.OutputSize;
                    Assert.AreEqual(scores[i], together[(step * batch.Rows + row) * spec.OutputSize + output]);
                }
            }
        }
    }

    [TestMethod]
    public void TrainingAndScoringAllocateNothingOnceAShapeHasBeenSeen()
    {
        foreach (NetworkSpec spec in Networks())
        {
            SequenceBatch batch = RandomBatches.Batch(spec, s_binary, [.. Enumerable.Repeat(12, 18)], 1);
            float[] parameters = Parameters(spec, 1, 0.1), gradient = new float[parameters.Length];
            var logits = new float[batch.Steps * batch.Rows * spec.OutputSize];
            using var engine = new ManagedEngine(spec, s_binary, threads: 2);
            for (int i = 0; i < 50; i++)
                engine.LossAndGradient(batch, parameters, gradient);
            engine.Score(batch, parameters, logits);
            engine.Loss(batch);
            engine.LossAndGradient(batch, parameters, gradient);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 20; i++)
            {
                engine.LossAndGradient(batch, parameters, gradient);
                engine.Score(batch, logits);
                engine.Loss(batch);
            }
            Assert.AreEqual(0L, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [TestMethod]
    public void ALengthOf10000TrainsWithin2GiBAndStaysFinite()
    {
        NetworkSpec spec = new() { InputSize = 9, OutputSize = 8, ControllerSize = 100, MemorySlots = 128, MemoryWidth = 20 };
        SequenceBatch batch = RandomBatches.Batch(spec, s_binary, [10_000], 1);
        float[] parameters = Parameters(spec, 1, 0.1), gradient = new float[parameters.Length];
        long before = GC.GetTotalAllocatedBytes();
        using var engine = new ManagedEngine(spec, s_binary, threads: 1);
        Assert.IsTrue(double.IsFinite(engine.LossAndGradient(batch, parameters, gradient)));
        Assert.IsTrue(gradient.All(float.IsFinite));
        Assert.IsLessThan(2L << 30, GC.GetTotalAllocatedBytes() - before);
    }

    [TestMethod]
    public void ExtremeParametersGiveFiniteLossesGradientsAndScores()
    {
        foreach (double scale in new[] { 0, 1e-20, 1e-6, 30, 1000 })
        {
            for (int seed = 0; seed < 24; seed++)
            {
                (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(seed % 6 == 0 ? NetworkKind.Lstm : NetworkKind.Ntm, seed);
                if (sequence.Loss == SequenceLoss.SquaredError)
                    sequence = sequence with { Loss = SequenceLoss.BinaryCrossEntropy, SoftmaxGroups = 1 };
                SequenceBatch batch = RandomBatches.Batch(spec, sequence, [9, 4, 1], seed);
                float[] parameters = Parameters(spec, seed, scale), gradient = new float[parameters.Length];
                foreach (SimdWidth width in Enum.GetValues<SimdWidth>().Where(SimdWidths.Runs))
                {
                    using var engine = new ManagedEngine(spec, sequence, threads: 1, width);
                    Assert.IsTrue(double.IsFinite(engine.LossAndGradient(batch, parameters, gradient)),
                        $"loss, {scale}, seed {seed}, {width}");
                    Assert.IsTrue(gradient.All(float.IsFinite), $"gradient, {scale}, seed {seed}, {width}");
                }
            }
        }
    }

    [TestMethod]
    public void AMemoryOfZerosHasFiniteGradients()
    {
        NetworkSpec spec = s_copy with { InitialMemory = InitialMemory.Learned };
        float[] parameters = Parameters(spec, 1, 0.3), gradient = new float[parameters.Length];
        ParameterSlice memory = new ParameterLayout(spec)["initial.memory"];
        parameters.AsSpan(memory.Offset, memory.Length).Clear();
        using var engine = new ManagedEngine(spec, s_binary, threads: 1);
        Assert.IsTrue(double.IsFinite(engine.LossAndGradient(RandomBatches.Batch(spec, s_binary, [5, 3], 1), parameters, gradient)));
        Assert.IsTrue(gradient.All(float.IsFinite));
    }

    [TestMethod]
    public void PaddingAndWhatAnEarlierBatchLeftChangeNothing()
    {
        foreach (NetworkSpec spec in Networks())
        {
            SequenceBatch batch = RandomBatches.Batch(spec, s_binary, [9, 9, 5, 5, 2, 1], 3);
            float[] parameters = Parameters(spec, 3, 0.5), clean = new float[parameters.Length], dirty = new float[parameters.Length];
            using var engine = new ManagedEngine(spec, s_binary, threads: 1);
            double loss = engine.LossAndGradient(batch, parameters, clean);
            engine.LossAndGradient(RandomBatches.Batch(spec, s_binary, [20, 20, 20, 20, 20, 20], 4), [.. parameters.Select(_ => float.NaN)],
                dirty);
            for (int row = 0; row < batch.Rows; row++)
            {
                for (int step = batch.Lengths[row]; step < batch.Steps; step++)
                {
                    batch.Input(step, row).Fill(float.NaN);
                    batch.Target(step, row).Fill(1);
                }
            }
            Assert.AreEqual(loss, engine.LossAndGradient(batch, parameters, dirty));
            CollectionAssert.AreEqual(clean, dirty);
        }
    }

    [TestMethod]
    public void ParametersThatAreNotANumberShowInTheLoss()
    {
        foreach (NetworkSpec spec in Networks())
        {
            foreach (SimdWidth width in Enum.GetValues<SimdWidth>().Where(SimdWidths.Runs))
            {
                float[] parameters = Parameters(spec, 3, 0.5), gradient = new float[parameters.Length];
                ParameterSlice bias = new ParameterLayout(spec)["controller.0.bias"];
                parameters.AsSpan(bias.Offset, bias.Length).Fill(float.NaN);
                using var engine = new ManagedEngine(spec, s_binary, threads: 1, width);
                Assert.IsTrue(double.IsNaN(engine.LossAndGradient(RandomBatches.Batch(spec, s_binary, [4, 2], 3), parameters, gradient)),
                    $"{width}");
            }
        }
    }

    [TestMethod]
    public void ABatchWithoutScoredTargetsCostsNothingAndTeachesNothing()
    {
        SequenceBatch batch = RandomBatches.Batch(s_copy, s_binary, [5, 3, 3, 1], 5);
        Array.Fill(batch.Targets, float.NaN);
        float[] parameters = Parameters(s_copy, 5, 0.5), gradient = [.. parameters];
        using var engine = new ManagedEngine(s_copy, s_binary, threads: 1);
        Assert.AreEqual(0.0, engine.LossAndGradient(batch, parameters, gradient));
        Assert.IsTrue(gradient.All(x => x == 0));
    }

    [TestMethod]
    public void NumbersTooSmallToBeNormalAreNotFlushedAfterACall()
    {
        using var engine = new ManagedEngine(s_copy, s_binary, threads: 1);
        engine.LossAndGradient(RandomBatches.Batch(s_copy, s_binary, [2], 1), Parameters(s_copy, 1, 0.1),
            new float[new ParameterLayout(s_copy).Length]);
        float tiny = float.Epsilon * 4;
        Assert.AreNotEqual(0f, tiny * Environment.ProcessorCount);
    }

    private static IEnumerable<NetworkSpec> Networks()
    {
        yield return s_copy;
        yield return s_copy with
        {
            Controller = ControllerKind.FeedForward,
            NumberOfWriteHeads = 1,
            NumberOfReadHeads = 1,
            MemorySlots = 16,
        };
        yield return s_copy with { Kind = NetworkKind.Lstm, ControllerLayers = 3 };
        yield return s_copy with { Kind = NetworkKind.Lstm, ControllerLayers = 2, Bidirectional = true };
        yield return s_copy with { Kind = NetworkKind.Dnc, NumberOfWriteHeads = 1, ControllerLayers = 2, NumberOfReadHeads = 5 };
        yield return s_copy with
        {
            Kind = NetworkKind.Dnc,
            NumberOfWriteHeads = 1,
            ControllerLayers = 2,
            EmbeddingSize = 3,
            VocabularySize = 5,
            KeysPerStep = 1,
        };
        NetworkSpec small = s_copy with
        {
            Kind = NetworkKind.Dnc,
            NumberOfWriteHeads = 1,
            MemorySlots = 17,
            Controller = ControllerKind.FeedForward,
        };
        yield return small with { MaskedContent = true, Deallocation = true, LinkSharpening = true };
    }

    private static float[] Parameters(NetworkSpec spec, int seed, double scale) =>
        Array.ConvertAll(RandomBatches.Parameters(spec, seed, scale), x => (float)x);

    // 200 steps of plain gradient descent on three batches in turn.
    private static float[] Descend(NetworkSpec spec, int threads)
    {
        SequenceBatch[] batches = [.. new[] { 1, 5, 20 }.Select(rows =>
            RandomBatches.Batch(spec, s_binary, [.. Enumerable.Range(0, rows).Select(row => 2 + row % 5)], rows))];
        float[] parameters = Parameters(spec, 1, 0.2), gradient = new float[parameters.Length];
        using var engine = new ManagedEngine(spec, s_binary, threads);
        for (int iteration = 0; iteration < 200; iteration++)
        {
            engine.LossAndGradient(batches[iteration % 3], parameters, gradient);
            for (int i = 0; i < parameters.Length; i++)
                parameters[i] -= 0.05f * gradient[i];
        }
        return parameters;
    }
}
