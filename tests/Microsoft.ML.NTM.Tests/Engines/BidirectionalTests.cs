using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Engines.Torch;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.Engines.Managed;
using Microsoft.ML.NTM.Tests.References;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Engines;

/// <summary>LSTMs that read both ways: both engines, nested loops, finite differences and libtorch's own LSTM say the same.</summary>
[TestClass]
public sealed class BidirectionalTests
{
    private static readonly int[] s_lengths = [6, 1, 4, 4, 3];

    [TestMethod]
    public void TheTorchEngineAnswersAsTheNestedLoopsDo()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.BothWays(seed);
            SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths, seed);
            double[] parameters = RandomBatches.Parameters(spec, seed), logits = new double[batch.Steps * batch.Rows * spec.OutputSize];
            Array.Fill(logits, double.NaN);
            using var engine = new TorchEngine(spec, sequence, CPU, ScalarType.Float64);
            engine.Score(batch, parameters, logits);
            double loss = engine.LossAndGradient(batch, parameters, new double[parameters.Length]);

            double[] expected = NetworkReference.Logits(spec, batch, parameters, sequence.AnswersAfterInput);
            for (int i = 0; i < logits.Length; i++)
                Assert.AreEqual(expected[i], logits[i], 1e-11, $"output {i} of {spec}");
            Assert.AreEqual(NetworkReference.Loss(spec, sequence, batch, parameters), loss, 1e-10, $"{sequence} of {spec}");
        }
    }

    [TestMethod]
    public void AutogradIsTheFiniteDifferencesOfTheNestedLoops()
    {
        for (int seed = 100; seed < 106; seed++)
        {
            (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.BothWays(seed);
            spec = spec with { ControllerClip = 20 }; // differences across the edge of a clip are no derivative
            SequenceBatch batch = RandomBatches.Batch(spec, sequence, [4, 2], seed);
            double[] parameters = RandomBatches.Parameters(spec, seed), gradient = new double[parameters.Length];
            using var engine = new TorchEngine(spec, sequence, CPU, ScalarType.Float64);
            engine.LossAndGradient(batch, parameters, gradient);
            double[] expected = FiniteDifferences.Gradient(p => NetworkReference.Loss(spec, sequence, batch, p), parameters);
            for (int i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i], gradient[i], 1e-7 * Math.Max(1, Math.Abs(expected[i])), $"{i} of {spec}");
        }
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.4)]
    public void TheManagedEngineIsTheTorchEngineInDoublePrecisionOnEveryWidth(double dropout)
    {
        foreach (SimdWidth width in Enum.GetValues<SimdWidth>().Where(SimdWidths.Runs))
        {
            for (int seed = 0; seed < 30; seed++)
            {
                (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.BothWays(seed);
                SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths[..(1 + seed % 5)], seed);
                batch.DropoutSeed = (ulong)seed;
                Oracle.Check(spec, sequence, batch, Parameters(spec, seed), width, $"of seed {seed}, {width}: {spec}, {sequence}",
                    gradients: new GradientSettings { DropoutRate = (float)dropout });
            }
        }
    }

    // Wide enough that steps are shared among threads, and more rows than one group.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void BitsDependNeitherOnThreadsNorOnCompanyNorOnPadding(bool once)
    {
        NetworkSpec spec = BothWays(inputs: 5, outputs: 3, size: 101);
        var sequence = new SequenceSpec { Loss = SequenceLoss.BinaryCrossEntropy, OneLabelPerSequence = once };
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, [.. Enumerable.Range(0, 40).Select(row => 90 - 2 * row)], 2);
        float[] parameters = Parameters(spec, 1, 0.1);
        (double Loss, float[] Gradient, float[] Scores) one = Run(1);
        foreach (int threads in new[] { 2, 3 })
        {
            (double loss, float[] gradient, float[] scores) = Run(threads);
            Assert.AreEqual(one.Loss, loss);
            CollectionAssert.AreEqual(one.Gradient, gradient);
            CollectionAssert.AreEqual(one.Scores, scores);
        }
        using var engine = new ManagedEngine(spec, sequence, threads: 2);
        Assert.AreEqual(one.Loss, engine.Loss(batch, parameters));
        for (int row = 0; row < batch.Rows; row++)
        {
            SequenceBatch alone = RandomBatches.Alone(batch, row);
            var scores = new float[alone.Steps * spec.OutputSize];
            engine.Score(alone, scores);
            for (int i = alone.OutputStarts[0] * spec.OutputSize; i < scores.Length; i++)
                Assert.AreEqual(scores[i], one.Scores[(i / spec.OutputSize * batch.Rows + row) * spec.OutputSize + i % spec.OutputSize]);
        }
        for (int row = 0; row < batch.Rows; row++)
        {
            for (int step = batch.Lengths[row]; step < batch.Steps; step++)
                batch.Input(step, row).Fill(float.NaN);
        }
        CollectionAssert.AreEqual(one.Gradient, Run(2).Gradient);

        (double Loss, float[] Gradient, float[] Scores) Run(int threads)
        {
            float[] gradient = new float[parameters.Length], scores = new float[batch.Steps * batch.Rows * spec.OutputSize];
            using var engine = new ManagedEngine(spec, sequence, threads);
            double loss = engine.LossAndGradient(batch, parameters, gradient);
            engine.Score(batch, scores);
            return (loss, gradient, scores);
        }
    }

    // libtorch's output sees the last layer only, so ours is made blind for the others.
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void ItIsLibtorchsOwnBidirectionalLstm(bool once)
    {
        const int Inputs = 3, Size = 5, Layers = 2, Outputs = 2, Steps = 7;
        NetworkSpec spec = BothWays(Inputs, Outputs, Size);
        var sequence = new SequenceSpec { OneLabelPerSequence = once };
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, [Steps], 4);
        batch.OutputStarts[0] = once ? Steps - 1 : 0;
        var parameters = new ParameterSet(spec);
        Parameters(spec, 4).CopyTo(parameters.Values, 0);
        for (int i = 0; i < parameters.Slice("output.weight").Length; i++)
        {
            if (i % (4 * Size) < 2 * Size)
                parameters.Slice("output.weight")[i] = 0;
        }
        foreach (string start in parameters.Layout.Slices.Select(slice => slice.Name).Where(name => name.Contains("initial.")))
            parameters.Slice(start).Clear();

        using DisposeScope scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        // In double, which oneDNN leaves alone: its LSTM of single precision gives other numbers on some processors with AVX-512.
        using TorchSharp.Modules.LSTM lstm = nn.LSTM(Inputs, Size, numLayers: Layers, bidirectional: true, dtype: float64);
        foreach ((string name, TorchSharp.Modules.Parameter weight) in lstm.named_parameters())
        {
            // weight_ih_l0_reverse and its like; libtorch adds two biases.
            string[] part = name.Split('_');
            string kind = part[0] == "bias" ? "bias" : $"weight_{part[1]}";
            string ours = $"controller.{part[2][1..]}.{kind}{(part.Length > 3 ? "_reverse" : "")}";
            if (part[0] == "bias" && part[1] == "hh")
                weight.zero_();
            else
                weight.copy_(tensor(parameters[ours].ToArray()).view(weight.shape));
        }
        Tensor inputs = tensor(batch.Inputs.AsSpan(0, Steps * Inputs).ToArray(), dtype: float64).view(Steps, 1, Inputs);
        (Tensor every, Tensor last, _) = lstm.call(inputs);
        Tensor seen = once ? cat([last.select(0, 2 * Layers - 2), last.select(0, 2 * Layers - 1)], 1) : every.view(Steps, 2 * Size);
        Tensor weights = tensor(parameters["output.weight"].ToArray(), dtype: float64).view(Outputs, 4 * Size)
            .narrow(1, 2 * Size, 2 * Size);
        Tensor bias = tensor(parameters["output.bias"].ToArray());
        double[] expected = [.. (seen.matmul(weights.t()) + bias).data<double>()];

        foreach (IEngine engine in new IEngine[] { new ManagedEngine(spec, sequence, 1), new TorchEngine(spec, sequence, CPU) })
        {
            using (engine)
            {
                float[] scores = new float[Steps * Outputs];
                engine.Load(parameters.Values);
                engine.Score(batch, scores);
                float[] got = once ? scores[^Outputs..] : scores;
                for (int i = 0; i < expected.Length; i++)
                    Assert.AreEqual(expected[i], got[i], 1e-5, $"{engine.GetType().Name}, {i}");
            }
        }
    }

    [TestMethod]
    public void WindowsOfStepsAreRefusedByBothEngines()
    {
        (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.BothWays(1);
        var truncated = new GradientSettings { TruncationSteps = 2 };
        Assert.ThrowsExactly<ArgumentException>(() => new ManagedEngine(spec, sequence, 1, truncated));
        using var torch = new TorchEngine(spec, sequence, CPU, gradients: truncated);
        float[] parameters = Parameters(spec, 1);
        Assert.ThrowsExactly<InvalidOperationException>(() =>
            torch.LossAndGradient(RandomBatches.Batch(spec, sequence, [5], 1), parameters, new float[parameters.Length]));
    }

    private static NetworkSpec BothWays(int inputs, int outputs, int size) => new()
    {
        Kind = NetworkKind.Lstm,
        InputSize = inputs,
        OutputSize = outputs,
        ControllerSize = size,
        ControllerLayers = 2,
        Bidirectional = true,
    };

    private static float[] Parameters(NetworkSpec spec, int seed, double scale = 1) =>
        Array.ConvertAll(RandomBatches.Parameters(spec, seed, scale), x => (float)x);
}
