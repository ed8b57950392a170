using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Engines.Managed;

/// <summary>
/// Networks whose weights leave the cache at each step: their rows run in larger groups, and threads share a group's steps.
/// </summary>
[TestClass]
public sealed class WideNetworkTests
{
    private static readonly NetworkSpec s_memory =
        new() { InputSize = 5, OutputSize = 3, ControllerSize = 230, MemorySlots = 16, MemoryWidth = 5 };
    private static readonly NetworkSpec s_lstm = s_memory with { Kind = NetworkKind.Lstm, ControllerSize = 201, ControllerLayers = 2 };
    private static readonly SequenceSpec s_binary = new() { Loss = SequenceLoss.BinaryCrossEntropy };

    private static readonly NetworkSpec[] s_networks =
        [s_lstm, s_memory with { Kind = NetworkKind.Dnc, NumberOfReadHeads = 2 }, s_memory with { Kind = NetworkKind.Ntm }];

    [TestMethod]
    [DataRow(1)]
    [DataRow(5)]
    [DataRow(33)]
    public void LossGradientAndScoresHaveTheSameBitsOn1And2And3Threads(int rows)
    {
        foreach (NetworkSpec network in s_networks)
        {
            int[] lengths = [.. Enumerable.Range(0, rows).Select(row => 24 - row % 20).OrderDescending()];
            SequenceBatch batch = RandomBatches.Batch(network, s_binary, lengths, 1);
            float[] parameters = Parameters(network);
            (double loss, float[] gradient, float[] scores) = Run(network, batch, parameters, threads: 1);
            foreach (int threads in new[] { 2, 3 })
            {
                (double otherLoss, float[] otherGradient, float[] otherScores) = Run(network, batch, parameters, threads);
                Assert.AreEqual(loss, otherLoss);
                CollectionAssert.AreEqual(gradient, otherGradient);
                CollectionAssert.AreEqual(scores, otherScores);
            }
        }
    }

    [TestMethod]
    public void ARowScoresBitIdenticallyAloneAndInALargeGroup()
    {
        int outputs = s_lstm.OutputSize;
        SequenceBatch batch = RandomBatches.Batch(s_lstm, s_binary, [.. Enumerable.Range(0, 40).Select(row => 12 - row / 4)], 2);
        float[] parameters = Parameters(s_lstm), together = new float[batch.Steps * batch.Rows * outputs];
        using var engine = new ManagedEngine(s_lstm, s_binary, threads: 2);
        engine.Score(batch, parameters, together);
        for (int row = 0; row < batch.Rows; row++)
        {
            SequenceBatch alone = RandomBatches.Alone(batch, row);
            var scores = new float[alone.Steps * outputs];
            engine.Score(alone, scores);
            for (int i = alone.OutputStarts[0] * outputs; i < scores.Length; i++)
                Assert.AreEqual(scores[i], together[(i / outputs * batch.Rows + row) * outputs + i % outputs]);
        }
    }

    [TestMethod]
    public void GradientsAreThoseOfTheTorchEngineOnEveryWidth()
    {
        foreach (SimdWidth width in Enum.GetValues<SimdWidth>().Where(SimdWidths.Runs))
        {
            SequenceBatch batch = RandomBatches.Batch(s_lstm, s_binary, [6, 6, 6, 6, 5, 5, 5, 5, 5, 5, 4, 4, 4, 4, 3, 3, 3, 2, 1], 3);
            Oracle.Check(s_lstm, s_binary, batch, Parameters(s_lstm), width, $"{width}");
        }
    }

    private static (double Loss, float[] Gradient, float[] Scores) Run(
        NetworkSpec network, SequenceBatch batch, float[] parameters, int threads)
    {
        float[] gradient = new float[parameters.Length], scores = new float[batch.Steps * batch.Rows * network.OutputSize];
        using var engine = new ManagedEngine(network, s_binary, threads);
        double loss = engine.LossAndGradient(batch, parameters, gradient);
        engine.Score(batch, scores);
        Assert.IsTrue(gradient.All(float.IsFinite));
        return (loss, gradient, scores);
    }

    private static float[] Parameters(NetworkSpec network) => Array.ConvertAll(RandomBatches.Parameters(network, 1, 0.1), x => (float)x);
}
