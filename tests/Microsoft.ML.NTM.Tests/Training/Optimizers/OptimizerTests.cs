using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Tests.Training.Optimizers;

[TestClass]
public sealed class OptimizerTests
{
    private static readonly ParameterLayout s_layout =
        new(new NetworkSpec { Kind = NetworkKind.Lstm, InputSize = 3, OutputSize = 2, ControllerSize = 2 });

    public static IEnumerable<object[]> Kinds => Enum.GetValues<OptimizerKind>().Select(kind => new object[] { kind });

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void StepsAreThoseOfTheSlowReference(OptimizerKind kind) =>
        AssertStepsAreThoseOfTheReference(new OptimizerSettings { Kind = kind });

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void StepsWithWeightDecayAreThoseOfTheSlowReference(OptimizerKind kind) =>
        AssertStepsAreThoseOfTheReference(new OptimizerSettings { Kind = kind, WeightDecay = 0.1f });

    [TestMethod]
    public void StepsOfTheLibrariesRmsPropAreThoseOfTheSlowReference() =>
        AssertStepsAreThoseOfTheReference(new OptimizerSettings
        {
            Kind = OptimizerKind.RmsProp,
            Centered = false,
            Decay = 0.99f,
            Momentum = 0.5f,
        });

    private static void AssertStepsAreThoseOfTheReference(OptimizerSettings settings)
    {
        Optimizer optimizer = settings.Create(s_layout);
        var reference = new ReferenceOptimizer(settings, s_layout);
        var random = new SeededRandom(1);
        float[] parameters = Draw(random, s_layout.Length, 1);
        double[] expected = [.. parameters.Select(value => (double)value)];
        for (int step = 0; step < 300; step++)
        {
            float[] gradient = Draw(random, s_layout.Length, step < 150 ? 1 : 0.01);
            optimizer.Step(parameters, gradient, GradientBounds.None, 0.003f);
            reference.Step(expected, gradient, 0.003f);
        }
        for (int i = 0; i < parameters.Length; i++)
            Assert.AreEqual(expected[i], parameters[i], 2e-5 * Math.Max(1, Math.Abs(expected[i])), $"parameter {i}");
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void EveryLengthGivesEachParameterTheSameBits(OptimizerKind kind)
    {
        float[]? whole = null;
        for (int length = s_layout.Length; length >= 0; length--)
        {
            Optimizer optimizer = new OptimizerSettings { Kind = kind, WeightDecay = 0 }.Create(s_layout);
            var random = new SeededRandom(2);
            float[] parameters = Draw(random, s_layout.Length, 1);
            for (int step = 0; step < 5; step++)
            {
                Span<float> gradient = Draw(random, s_layout.Length, 1).AsSpan(0, length);
                optimizer.Step(parameters.AsSpan(0, length), gradient, GradientBounds.None, 0.01f);
            }
            whole ??= parameters;
            CollectionAssert.AreEqual(whole[..length], parameters[..length], $"length {length}");
            CollectionAssert.AreEqual(Draw(new SeededRandom(2), s_layout.Length, 1)[length..], parameters[length..],
                $"beyond length {length}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void TheLargestGradientsLeaveEverythingFinite(OptimizerKind kind)
    {
        Optimizer optimizer = new OptimizerSettings { Kind = kind, Momentum = 0.999f, Epsilon = 1e-12f }.Create(s_layout);
        float[] parameters = new float[s_layout.Length];
        float[] gradient = new float[s_layout.Length];
        for (int step = 0; step < 2000; step++)
        {
            Array.Fill(gradient, (float)GradientClip.LargestNorm * (step % 7 == 0 ? -1 : 1));
            optimizer.Step(parameters, gradient, GradientBounds.None, 1000f);
        }
        Assert.IsTrue(parameters.All(float.IsFinite), "parameters");
        Assert.IsTrue(optimizer.State.All(state => state.All(float.IsFinite)), "state");
    }

    [TestMethod]
    public void AVarianceRoundedBelowZeroIsZero()
    {
        // A constant gradient's mean square and squared mean meet, and their difference is rounding.
        Optimizer optimizer = new OptimizerSettings { Kind = OptimizerKind.RmsProp }.Create(s_layout);
        float[] parameters = new float[s_layout.Length];
        float[] gradient = Draw(new SeededRandom(6), s_layout.Length, 1e5);
        bool below = false;
        for (int step = 0; step < 2000; step++)
        {
            optimizer.Step(parameters, gradient, GradientBounds.None, 1e-6f);
            for (int i = 0; i < gradient.Length; i++)
            {
                below |= optimizer.State[0][i] - optimizer.State[1][i] * optimizer.State[1][i] < -1e-4f;
                Assert.IsTrue(float.Sign(optimizer.State[2][i]) == -float.Sign(gradient[i]), $"step {step} must go downhill");
            }
        }
        Assert.IsTrue(below, "the test must meet the case");
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void StateBecomesZeroInsteadOfDenormal(OptimizerKind kind)
    {
        Optimizer optimizer = new OptimizerSettings { Kind = kind, Beta2 = 0.9f }.Create(s_layout);
        float[] parameters = new float[s_layout.Length];
        optimizer.Step(parameters, Draw(new SeededRandom(3), s_layout.Length, 1), GradientBounds.None, 0.01f);
        float[] zero = new float[s_layout.Length];
        for (int step = 0; step < 3000; step++)
        {
            optimizer.Step(parameters, zero, GradientBounds.None, 0.01f);
            Assert.IsTrue(optimizer.State.All(state => state.All(value => value == 0 || float.IsNormal(value))), $"step {step}");
        }
        Assert.IsTrue(optimizer.State.All(state => state.All(value => value == 0)));
    }

    [TestMethod]
    public void OnlyWeightMatricesDecay()
    {
        var layout = new ParameterLayout(new NetworkSpec { ControllerSize = 2, InitialMemory = InitialMemory.Random });
        Optimizer optimizer = new OptimizerSettings { Kind = OptimizerKind.AdamW, WeightDecay = 0.1f }.Create(layout);
        float[] parameters = new float[layout.Length];
        Array.Fill(parameters, 1f);
        optimizer.Step(parameters, new float[layout.Length], GradientBounds.None, 0.5f);
        foreach (ParameterSlice slice in layout.Slices)
        {
            float expected = slice.Name is "controller.0.weight_ih" or "controller.0.weight_hh" or "heads.weight" or "output.weight"
                ? 0.95f : 1f;
            Assert.AreEqual(expected, parameters[slice.Offset], slice.Name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void ResetForgetsEverything(OptimizerKind kind)
    {
        Optimizer optimizer = new OptimizerSettings { Kind = kind }.Create(s_layout);
        float[] gradient = Draw(new SeededRandom(4), s_layout.Length, 1);
        float[] first = new float[s_layout.Length], again = new float[s_layout.Length];
        optimizer.Step(first, gradient, GradientBounds.None, 0.01f);
        optimizer.Reset();
        optimizer.Step(again, gradient, GradientBounds.None, 0.01f);
        CollectionAssert.AreEqual(first, again);
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void AStepAllocatesNothing(OptimizerKind kind)
    {
        Optimizer optimizer = new OptimizerSettings { Kind = kind }.Create(s_layout);
        float[] parameters = new float[s_layout.Length], gradient = Draw(new SeededRandom(5), s_layout.Length, 1);
        optimizer.Step(parameters, gradient, GradientBounds.None, 0.01f);
        // A garbage collection started by another test may count against one of the windows, but not against all.
        long least = long.MaxValue;
        for (int window = 0; window < 10; window++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int step = 0; step < 100; step++)
                optimizer.Step(parameters, gradient, GradientBounds.None, 0.01f);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.AreEqual(0, least);
    }

    [TestMethod]
    public void AllFaultySettingsAreNamed()
    {
        var settings = new OptimizerSettings
        {
            Kind = (OptimizerKind)9,
            Momentum = 1,
            Decay = -1,
            Beta1 = float.NaN,
            Beta2 = 1,
            Epsilon = 0,
            WeightDecay = 2,
        };
        Assert.AreEqual(7, settings.Faults().Count());
        Assert.AreEqual(0, new OptimizerSettings().Faults().Count());
    }

    private static float[] Draw(SeededRandom random, int length, double bound)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
            values[i] = (float)random.NextSymmetric(bound);
        return values;
    }
}
