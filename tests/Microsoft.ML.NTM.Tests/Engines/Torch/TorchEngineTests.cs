using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Torch;
using Microsoft.ML.NTM.Tests.References;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Engines.Torch;

[TestClass]
public sealed class TorchEngineTests
{
    private static readonly int[] s_lengths = [5, 1, 3, 3];

    [TestMethod]
    [DataRow(NetworkKind.Ntm, 40)]
    [DataRow(NetworkKind.Dnc, 40)]
    [DataRow(NetworkKind.Lstm, 10)]
    public void ScoresAndLossesAreThoseOfTheNestedLoops(NetworkKind kind, int count)
    {
        for (int seed = 0; seed < count; seed++)
        {
            (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(kind, seed);
            SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths, seed);
            double[] parameters = RandomBatches.Parameters(spec, seed);
            using var engine = new TorchEngine(spec, sequence, CPU, ScalarType.Float64);

            var logits = new double[batch.Steps * batch.Rows * spec.OutputSize];
            Array.Fill(logits, double.NaN);
            engine.Score(batch, parameters, logits);
            double loss = engine.LossAndGradient(batch, parameters, new double[parameters.Length]);

            double[] expected = NetworkReference.Logits(spec, batch, parameters);
            for (int i = 0; i < logits.Length; i++)
                Assert.AreEqual(expected[i], logits[i], 1e-11, $"output {i} of {spec}");
            Assert.AreEqual(NetworkReference.Loss(spec, sequence, batch, parameters), loss, 1e-10, $"{sequence} of {spec}");
        }
    }

    [TestMethod]
    [DataRow(NetworkKind.Ntm, 12)]
    [DataRow(NetworkKind.Dnc, 12)]
    [DataRow(NetworkKind.Lstm, 4)]
    public void GradientsAreTheFiniteDifferencesOfTheNestedLoopsLoss(NetworkKind kind, int count)
    {
        for (int seed = 100; seed < 100 + count; seed++)
        {
            (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(kind, seed);
            spec = spec with { ControllerClip = 20 }; // differences across the edge of a clip are no derivative
            SequenceBatch batch = RandomBatches.Batch(spec, sequence, [3, 2], seed);
            double[] parameters = RandomBatches.Parameters(spec, seed);
            var gradient = new double[parameters.Length];
            using var engine = new TorchEngine(spec, sequence, CPU, ScalarType.Float64);
            engine.LossAndGradient(batch, parameters, gradient);

            foreach (ParameterSlice slice in new ParameterLayout(spec).Slices)
            {
                for (int i = slice.Offset; i < slice.Offset + slice.Length; i++)
                {
                    double expected = slice.Trainable
                        ? FiniteDifferences.Derivative(p => NetworkReference.Loss(spec, sequence, batch, p), parameters, i)
                        : 0;
                    Assert.AreEqual(expected, gradient[i], 1e-7 * Math.Max(1, Math.Abs(expected)),
                        $"{slice.Name}[{i - slice.Offset}] of {spec}");
                }
            }
        }
    }

    [TestMethod]
    public void AClippedControllerPassesNoGradientThroughTheClip()
    {
        NetworkSpec spec = RandomSpecs.Get(NetworkKind.Ntm, 1).Network with
        {
            Controller = ControllerKind.FeedForward,
            ControllerClip = 1e-9f,
            ControllerLayers = 1,
        };
        var sequence = new SequenceSpec { Loss = SequenceLoss.SquaredError };
        double[] gradient = new double[new ParameterLayout(spec).Length];
        using var engine = new TorchEngine(spec, sequence, CPU, ScalarType.Float64);
        engine.LossAndGradient(RandomBatches.Batch(spec, sequence, s_lengths, 1), RandomBatches.Parameters(spec, 1), gradient);
        ParameterSlice slice = new ParameterLayout(spec)["controller.0.weight"];
        Assert.IsTrue(gradient[slice.Offset..(slice.Offset + slice.Length)].All(x => x == 0));
    }

    [TestMethod]
    [DataRow(NetworkKind.Ntm)]
    [DataRow(NetworkKind.Dnc)]
    [DataRow(NetworkKind.Lstm)]
    public void SinglePrecisionAgreesWithDouble(NetworkKind kind)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(kind, seed);
            SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths, seed);
            float[] parameters = Array.ConvertAll(RandomBatches.Parameters(spec, seed), x => (float)x);
            double[] precise = Array.ConvertAll(parameters, x => (double)x);
            var single = new float[parameters.Length];
            var twice = new double[parameters.Length];
            using var engine = new TorchEngine(spec, sequence, CPU);
            using var oracle = new TorchEngine(spec, sequence, CPU, ScalarType.Float64);

            Assert.AreEqual(oracle.LossAndGradient(batch, precise, twice), engine.LossAndGradient(batch, parameters, single), 1e-4);
            double error = Math.Sqrt(single.Zip(twice, (a, b) => (a - b) * (a - b)).Sum());
            Assert.IsLessThanOrEqualTo(1e-4 * Math.Sqrt(twice.Sum(x => x * x)), error, $"{spec}");
        }
    }

    [TestMethod]
    [DataRow(NetworkKind.Ntm)]
    [DataRow(NetworkKind.Dnc)]
    [DataRow(NetworkKind.Lstm)]
    public void ARowScoresTheSameAloneAndInABatch(NetworkKind kind)
    {
        (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(kind, 7);
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, [9, 2, 6, 1], 7);
        float[] parameters = Array.ConvertAll(RandomBatches.Parameters(spec, 7), x => (float)x);
        using var engine = new TorchEngine(spec, sequence, CPU);
        var together = new float[batch.Steps * batch.Rows * spec.OutputSize];
        engine.Score(batch, parameters, together);
        for (int row = 0; row < batch.Rows; row++)
        {
            SequenceBatch alone = RandomBatches.Alone(batch, row);
            var scores = new float[alone.Steps * spec.OutputSize];
            engine.Score(alone, parameters, scores);
            for (int step = alone.OutputStarts[0]; step < alone.Steps; step++)
            {
                for (int o = 0; o < spec.OutputSize; o++)
                    Assert.AreEqual(scores[step * spec.OutputSize + o], together[(step * batch.Rows + row) * spec.OutputSize + o], 1e-6f);
            }
        }
    }

    [TestMethod]
    public void ValuesInThePaddingChangeNothing()
    {
        (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(NetworkKind.Ntm, 3);
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths, 3);
        double[] parameters = RandomBatches.Parameters(spec, 3), clean = new double[parameters.Length],
            dirty = new double[parameters.Length];
        using var engine = new TorchEngine(spec, sequence, CPU, ScalarType.Float64);
        double loss = engine.LossAndGradient(batch, parameters, clean);
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

    [TestMethod]
    public void ScoresAreWrittenOnlyWhereARowAnswers()
    {
        (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(NetworkKind.Ntm, 5);
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths, 5);
        var logits = new float[batch.Steps * batch.Rows * spec.OutputSize];
        Array.Fill(logits, -77f);
        using var engine = new TorchEngine(spec, sequence, CPU);
        engine.Score(batch, new float[new ParameterLayout(spec).Length], logits);
        for (int step = 0; step < batch.Steps; step++)
        {
            for (int row = 0; row < batch.Rows; row++)
            {
                bool answers = step >= batch.OutputStarts[row] && step < batch.Lengths[row];
                Assert.AreEqual(answers, logits[(step * batch.Rows + row) * spec.OutputSize] != -77f);
            }
        }
    }

    [TestMethod]
    public void ABatchWithoutScoredTargetsCostsNothingAndTeachesNothing()
    {
        (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(NetworkKind.Ntm, 5);
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths, 5);
        Array.Fill(batch.Targets, float.NaN);
        var gradient = new float[new ParameterLayout(spec).Length];
        Array.Fill(gradient, 1f);
        using var engine = new TorchEngine(spec, sequence, CPU);
        Assert.AreEqual(0.0, engine.LossAndGradient(batch, new float[gradient.Length], gradient));
        Assert.IsTrue(gradient.All(x => x == 0));
    }

    [TestMethod]
    public void RepeatedTrainingGivesTheSameBitsAndLeaksNoTensor()
    {
        foreach (NetworkKind kind in Enum.GetValues<NetworkKind>())
        {
            (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(kind, 11);
            SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths, 11);
            float[] parameters = Array.ConvertAll(RandomBatches.Parameters(spec, 11), x => (float)x);
            float[] first = new float[parameters.Length], second = new float[parameters.Length];
            using var engine = new TorchEngine(spec, sequence, CPU);
            double loss = engine.LossAndGradient(batch, parameters, first);
            DisposeScopeManager.Statistics.Reset();
            Assert.AreEqual(loss, engine.LossAndGradient(batch, parameters, second));
            engine.Score(batch, parameters, new float[batch.Steps * batch.Rows * spec.OutputSize]);
            CollectionAssert.AreEqual(first, second);
            Assert.AreEqual(0L, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        }
    }

    [TestMethod]
    public void ADisposedEngineLeavesNoTensorBehind()
    {
        foreach (NetworkKind kind in Enum.GetValues<NetworkKind>())
        {
            (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(kind, 11);
            SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths, 11);
            var parameters = new float[new ParameterLayout(spec).Length];
            DisposeScopeManager.Statistics.Reset();
            using (TorchEngine engine = TorchEngine.Create(spec, sequence, TorchDevice.Cpu, GradientSettings.Exact))
                engine.LossAndGradient(batch, parameters, new float[parameters.Length]);
            Assert.AreEqual(0L, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
        }
    }

    [TestMethod]
    public void AnEngineMadeInsideADisposeScopeOutlivesIt()
    {
        (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(NetworkKind.Ntm, 11);
        TorchEngine engine;
        using (NewDisposeScope())
            engine = TorchEngine.Create(spec, sequence, TorchDevice.Cpu, GradientSettings.Exact);
        using (engine)
        {
            var parameters = new float[new ParameterLayout(spec).Length];
            engine.LossAndGradient(RandomBatches.Batch(spec, sequence, s_lengths, 11), parameters, new float[parameters.Length]);
        }
    }
}
