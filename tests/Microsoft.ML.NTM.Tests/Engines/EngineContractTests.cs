using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Engines.Torch;
using Microsoft.ML.NTM.Tests.References;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Engines;

[TestClass]
public sealed class EngineContractTests
{
    private static readonly NetworkSpec s_network =
        new() { InputSize = 4, OutputSize = 3, ControllerSize = 12, MemorySlots = 9, MemoryWidth = 5 };
    private static readonly SequenceSpec s_sequence = new() { Loss = SequenceLoss.BinaryCrossEntropy };

    [TestMethod]
    [DataRow(NetworkKind.Ntm)]
    [DataRow(NetworkKind.Dnc)]
    [DataRow(NetworkKind.Lstm)]
    public void TheLossAloneHasTheBitsOfTheLossWithTheGradient(NetworkKind kind)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            (NetworkSpec network, SequenceSpec sequence) = RandomSpecs.Get(kind, seed);
            SequenceBatch batch = RandomBatches.Batch(network, sequence, [150, 130, 64, 63, 20, 3, 1], seed);
            float[] parameters = Parameters(network, seed);
            foreach (IEngine engine in Engines(network, sequence, seed == 0))
            {
                using (engine)
                {
                    engine.Load(parameters);
                    double loss = engine.LossAndGradient(batch, new float[parameters.Length]);
                    Assert.AreEqual(loss, engine.Loss(batch), $"{engine.GetType().Name} {network}");
                }
            }
        }
    }

    [TestMethod]
    public void AnEngineKeepsItsParametersWhenTheCallersChange()
    {
        SequenceBatch batch = RandomBatches.Batch(s_network, s_sequence, [5, 3], 1);
        foreach (IEngine engine in Engines(s_network, s_sequence))
        {
            using (engine)
            {
                float[] parameters = Parameters(s_network, 1), before = new float[parameters.Length], after = new float[parameters.Length];
                double loss = engine.LossAndGradient(batch, parameters, before);
                Array.Fill(parameters, float.NaN);
                Assert.AreEqual(loss, engine.LossAndGradient(batch, after));
                CollectionAssert.AreEqual(before, after);
                Assert.AreEqual(loss, engine.Loss(batch));
            }
        }
    }

    [TestMethod]
    public void ParametersLoadedLaterTakeThePlaceOfTheEarlierOnesInEveryCall()
    {
        SequenceBatch batch = RandomBatches.Batch(s_network, s_sequence, [5, 3], 1);
        float[] first = Parameters(s_network, 1), second = Parameters(s_network, 2);
        float[] expected = new float[first.Length], actual = new float[first.Length];
        float[] expectedScores = new float[batch.Steps * batch.Rows * 3], scores = new float[expectedScores.Length];
        foreach ((IEngine fresh, IEngine used) in Engines(s_network, s_sequence).Zip(Engines(s_network, s_sequence)))
        {
            using (fresh)
            using (used)
            {
                double loss = fresh.LossAndGradient(batch, second, expected);
                fresh.Score(batch, expectedScores);
                used.LossAndGradient(batch, first, actual);
                used.Score(batch, scores);
                used.Load(second);
                Assert.AreEqual(loss, used.Loss(batch));
                used.Score(batch, scores);
                CollectionAssert.AreEqual(expectedScores, scores);
                Assert.AreEqual(loss, used.LossAndGradient(batch, actual));
                CollectionAssert.AreEqual(expected, actual);
            }
        }
    }

    [TestMethod]
    public void AnEngineWithoutParametersSaysSo()
    {
        SequenceBatch batch = RandomBatches.Batch(s_network, s_sequence, [5, 3], 1);
        foreach (IEngine engine in Engines(s_network, s_sequence))
        {
            using (engine)
            {
                Assert.Throws<InvalidOperationException>(() => engine.Loss(batch));
                Assert.Throws<InvalidOperationException>(() =>
                    engine.LossAndGradient(batch, new float[new ParameterLayout(s_network).Length]));
                Assert.Throws<InvalidOperationException>(() => engine.Score(batch, new float[30]));
            }
        }
    }

    [TestMethod]
    public void ParametersOfAnotherNumberAreRefusedWithBothNumbers()
    {
        int length = new ParameterLayout(s_network).Length;
        foreach (IEngine engine in Engines(s_network, s_sequence))
        {
            using (engine)
            {
                foreach (int wrong in new[] { 0, length - 1, length + 1 })
                {
                    string message = Assert.Throws<ArgumentException>(() => engine.Load(new float[wrong])).Message;
                    StringAssert.Contains(message, $"has {length} parameters, got {wrong}.");
                }
            }
        }
    }

    private static IEnumerable<IEngine> Engines(NetworkSpec network, SequenceSpec sequence, bool torch = true)
    {
        yield return new ManagedEngine(network, sequence, threads: 1);
        yield return new ManagedEngine(network, sequence, threads: 2);
        if (torch)
            yield return new TorchEngine(network, sequence, CPU);
    }

    private static float[] Parameters(NetworkSpec network, int seed) =>
        Array.ConvertAll(RandomBatches.Parameters(network, seed), x => (float)x);
}
