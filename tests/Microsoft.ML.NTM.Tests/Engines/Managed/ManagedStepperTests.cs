using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Engines.Managed;

[TestClass]
public sealed class ManagedStepperTests
{
    private const int Steps = 70;

    [TestMethod]
    [DataRow(NetworkKind.Lstm)]
    [DataRow(NetworkKind.Ntm)]
    [DataRow(NetworkKind.Dnc)]
    public void StepsGiveTheBitsOfTheWholeSequenceOnEveryWidth(NetworkKind kind)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            foreach (SimdWidth width in Enum.GetValues<SimdWidth>().Where(SimdWidths.Runs))
            {
                (NetworkSpec network, SequenceSpec sequence, SequenceBatch batch, float[] parameters) = Problem(kind, seed);
                float[] whole = Score(network, sequence, batch, parameters, width);
                IStepper stepper = ManagedStepper.Create(network, sequence, parameters, width);
                var logits = new float[network.OutputSize];
                for (int step = 0; step < Steps; step++)
                {
                    stepper.Step(batch.Input(step, 0), batch.Key(step, 0), logits);
                    CollectionAssert.AreEqual(whole[(step * network.OutputSize)..((step + 1) * network.OutputSize)], logits,
                        $"{network}, step {step}");
                }
            }
        }
    }

    [TestMethod]
    [DataRow(NetworkKind.Lstm)]
    [DataRow(NetworkKind.Ntm)]
    [DataRow(NetworkKind.Dnc)]
    public void CopiesAndSavedStatesGoOnAsTheOriginalDoes(NetworkKind kind)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            (NetworkSpec network, SequenceSpec sequence, SequenceBatch batch, float[] parameters) = Problem(kind, seed);
            IStepper original = ManagedStepper.Create(network, sequence, parameters),
                restored = ManagedStepper.Create(network, sequence, parameters);
            Run(original, batch, 0, 7, network.OutputSize);
            var state = new float[original.StateLength];
            original.Save(state);
            IStepper clone = original.Clone();

            // What the others do in between changes nothing.
            Run(restored, batch, 20, 30, network.OutputSize);
            restored.Load(state);
            float[] expected = Run(original, batch, 7, 15, network.OutputSize);

            CollectionAssert.AreEqual(expected, Run(clone, batch, 7, 15, network.OutputSize));
            CollectionAssert.AreEqual(expected, Run(restored, batch, 7, 15, network.OutputSize));
            original.Reset();
            CollectionAssert.AreEqual(Run(ManagedStepper.Create(network, sequence, parameters), batch, 0, 7, network.OutputSize),
                Run(original, batch, 0, 7, network.OutputSize));
        }
    }

    [TestMethod]
    public void StepsAllocateNothing()
    {
        foreach (NetworkKind kind in Enum.GetValues<NetworkKind>())
        {
            (NetworkSpec network, SequenceSpec sequence, SequenceBatch batch, float[] parameters) = Problem(kind, 1);
            IStepper stepper = ManagedStepper.Create(network, sequence, parameters);
            var logits = new float[network.OutputSize];
            for (int step = 0; step < Steps; step++)
                stepper.Step(batch.Input(step, 0), batch.Key(step, 0), logits);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int step = 0; step < Steps; step++)
                stepper.Step(batch.Input(step, 0), batch.Key(step, 0), logits);

            Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static (NetworkSpec Network, SequenceSpec Sequence, SequenceBatch Batch, float[] Parameters) Problem(NetworkKind kind, int seed)
    {
        (NetworkSpec network, SequenceSpec sequence) = RandomSpecs.Get(kind, seed);
        SequenceBatch batch = RandomBatches.Batch(network, sequence, [Steps], seed);
        batch.OutputStarts[0] = 0;
        return (network, sequence, batch, [.. RandomBatches.Parameters(network, seed).Select(value => (float)value)]);
    }

    private static float[] Score(NetworkSpec network, SequenceSpec sequence, SequenceBatch batch, float[] parameters, SimdWidth width)
    {
        using var engine = new ManagedEngine(network, sequence, threads: 1, width);
        var logits = new float[batch.Steps * network.OutputSize];
        engine.Score(batch, parameters, logits);
        return logits;
    }

    private static float[] Run(IStepper stepper, SequenceBatch batch, int from, int to, int outputs)
    {
        var logits = new float[(to - from) * outputs];
        for (int step = from; step < to; step++)
            stepper.Step(batch.Input(step, 0), batch.Key(step, 0), logits.AsSpan((step - from) * outputs, outputs));
        return logits;
    }
}
