using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Engines.Torch;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.Engines.Managed;
using Microsoft.ML.NTM.Tests.References;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Engines;

/// <summary>Truncated back-propagation and dropout: both engines mean the same by them.</summary>
[TestClass]
public sealed class GradientSettingsTests
{
    private static readonly int[] s_lengths = [7, 7, 6, 3, 1];

    [TestMethod]
    [DataRow(NetworkKind.Ntm, 1, 0.0)]
    [DataRow(NetworkKind.Ntm, 3, 0.0)]
    [DataRow(NetworkKind.Dnc, 2, 0.0)]
    [DataRow(NetworkKind.Lstm, 2, 0.0)]
    [DataRow(NetworkKind.Ntm, int.MaxValue, 0.4)]
    [DataRow(NetworkKind.Dnc, int.MaxValue, 0.4)]
    [DataRow(NetworkKind.Lstm, int.MaxValue, 0.4)]
    [DataRow(NetworkKind.Ntm, 2, 0.3)]
    [DataRow(NetworkKind.Dnc, 3, 0.3)]
    public void GradientsAreThoseOfTheTorchEngineInDoublePrecision(NetworkKind kind, int truncation, double dropout)
    {
        var gradients = new GradientSettings { TruncationSteps = truncation, DropoutRate = (float)dropout };
        for (int seed = 0; seed < 12; seed++)
        {
            (NetworkSpec spec, SequenceSpec sequence, SequenceBatch batch, float[] parameters) = Case(kind, seed);
            Oracle.Check(spec, sequence, batch, parameters, SimdWidths.Best, $"of seed {seed}: {spec}, {sequence}", gradients: gradients);
        }
    }

    [TestMethod]
    [DataRow(NetworkKind.Ntm)]
    [DataRow(NetworkKind.Dnc)]
    [DataRow(NetworkKind.Lstm)]
    public void AWindowAsLongAsTheRowsTruncatesNothing(NetworkKind kind)
    {
        (NetworkSpec spec, SequenceSpec sequence, SequenceBatch batch, float[] parameters) = Case(kind, 3);
        (double exact, float[] expected) = Train(spec, sequence, batch, parameters, GradientSettings.Exact, 1);
        (double loss, float[] actual) = Train(spec, sequence, batch, parameters, new GradientSettings { TruncationSteps = 20 }, 1);
        Assert.AreEqual(exact, loss);
        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    [DataRow(NetworkKind.Ntm)]
    [DataRow(NetworkKind.Dnc)]
    [DataRow(NetworkKind.Lstm)]
    public void TruncationChangesTheGradientAndNotTheLoss(NetworkKind kind)
    {
        (NetworkSpec spec, SequenceSpec sequence, SequenceBatch batch, float[] parameters) = Case(kind, 3);
        (double exact, float[] expected) = Train(spec, sequence, batch, parameters, GradientSettings.Exact, 1);
        (double loss, float[] actual) = Train(spec, sequence, batch, parameters, new GradientSettings { TruncationSteps = 2 }, 1);
        Assert.AreEqual(exact, loss, 1e-6 * exact);
        CollectionAssert.AreNotEqual(expected, actual);
    }

    [TestMethod]
    [DataRow(NetworkKind.Ntm)]
    [DataRow(NetworkKind.Dnc)]
    [DataRow(NetworkKind.Lstm)]
    public void BitsDoNotDependOnTheThreads(NetworkKind kind)
    {
        (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(kind, 5);
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, [.. Enumerable.Range(0, 33).Select(i => 12 - i / 3)], 1);
        float[] parameters = Array.ConvertAll(RandomBatches.Parameters(spec, 1), x => (float)x);
        var gradients = new GradientSettings { TruncationSteps = 5, DropoutRate = 0.5f };
        (double one, float[] expected) = Train(spec, sequence, batch, parameters, gradients, 1);
        (double three, float[] actual) = Train(spec, sequence, batch, parameters, gradients, 3);
        Assert.AreEqual(one, three);
        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void DropoutLeavesOutItsShareAnotherOneForEveryRowAndBatch()
    {
        var batch = new SequenceBatch(1, 1) { DropoutSeed = 1 };
        float[] first = new float[10_000], second = new float[10_000];
        DropoutMask.Fill(first, batch, 0, 0.3f);
        DropoutMask.Fill(second, batch, 1, 0.3f);
        Assert.AreEqual(0.3, first.Count(x => x == 0) / 10_000.0, 0.02);
        Assert.IsTrue(first.All(x => x is 0 or 1f / 0.7f));
        Assert.AreEqual(0.42, first.Zip(second).Count(pair => pair.First != pair.Second) / 10_000.0, 0.03);
        batch.DropoutSeed = 2;
        DropoutMask.Fill(second, batch, 0, 0.3f);
        Assert.AreEqual(0.42, first.Zip(second).Count(pair => pair.First != pair.Second) / 10_000.0, 0.03);
    }

    [TestMethod]
    public void ScoringDropsNothingOut()
    {
        (NetworkSpec spec, SequenceSpec sequence, SequenceBatch batch, float[] parameters) = Case(NetworkKind.Ntm, 2);
        Assert.AreEqual(LossAlone(GradientSettings.Exact), LossAlone(new GradientSettings { DropoutRate = 0.5f }));

        double LossAlone(GradientSettings gradients)
        {
            using var engine = new ManagedEngine(spec, sequence, 1, gradients);
            engine.LossAndGradient(batch, parameters, new float[parameters.Length]);
            return engine.Loss(batch);
        }
    }

    [TestMethod]
    public void CancellationIsAskedForInEveryWindow()
    {
        (NetworkSpec spec, SequenceSpec sequence, SequenceBatch batch, float[] parameters) = Case(NetworkKind.Lstm, 2);
        int asked = 0;
        Action checkAlive = () => asked = ++asked < 3 ? asked : throw new OperationCanceledException();
        var gradients = new GradientSettings { TruncationSteps = 1 };
        using IEngine managed = new ManagedEngine(spec, sequence, 1, gradients);
        using IEngine torch = new TorchEngine(spec, sequence, CPU, gradients: gradients);
        foreach (IEngine engine in new[] { managed, torch })
        {
            (asked, engine.CheckAlive) = (0, checkAlive);
            Assert.ThrowsExactly<OperationCanceledException>(() => engine.LossAndGradient(batch, parameters, new float[parameters.Length]));
        }
    }

    private static (NetworkSpec, SequenceSpec, SequenceBatch, float[]) Case(NetworkKind kind, int seed)
    {
        (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(kind, seed);
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths[..(1 + seed % 5)], seed);
        batch.DropoutSeed = (ulong)seed;
        return (spec, sequence, batch, Array.ConvertAll(RandomBatches.Parameters(spec, seed), x => (float)x));
    }

    private static (double, float[]) Train(
        NetworkSpec spec, SequenceSpec sequence, SequenceBatch batch, float[] parameters, GradientSettings gradients, int threads)
    {
        var gradient = new float[parameters.Length];
        using var engine = new ManagedEngine(spec, sequence, threads, gradients);
        return (engine.LossAndGradient(batch, parameters, gradient), gradient);
    }
}
