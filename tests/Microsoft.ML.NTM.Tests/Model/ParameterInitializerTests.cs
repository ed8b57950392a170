using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Tests.Model;

[TestClass]
public sealed class ParameterInitializerTests
{
    private static readonly NetworkSpec s_copy = new() { InputSize = 9, OutputSize = 8 };

    [TestMethod]
    public void SameSeedGivesTheSameBitsOnEveryPlatform()
    {
        float[] values = ParameterInitializer.Create(s_copy, seed: 1).Values;
        CollectionAssert.AreEqual(values, ParameterInitializer.Create(s_copy, seed: 1).Values);
        CollectionAssert.AreNotEqual(values, ParameterInitializer.Create(s_copy, seed: 2).Values);
        Assert.AreEqual("3176A8D7DFD50439", Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())))[..16]);
    }

    [TestMethod]
    public void ForgetGatesStartOpenAndOtherBiasesAtZero()
    {
        ParameterSet parameters = ParameterInitializer.Create(s_copy, 1);
        float[] bias = parameters["controller.0.bias"].ToArray();
        Assert.IsTrue(bias[100..200].All(value => value == 1), "forget gate");
        Assert.IsTrue(bias[..100].Concat(bias[200..]).All(value => value == 0), "other gates");
        Assert.IsTrue(parameters["heads.bias"].ToArray().Concat(parameters["output.bias"].ToArray()).All(value => value == 0));
    }

    [TestMethod]
    public void AFeedForwardControllerHasNoForgetBias()
    {
        var spec = s_copy with { Controller = ControllerKind.FeedForward };
        Assert.IsTrue(ParameterInitializer.Create(spec, 1)["controller.0.bias"].ToArray().All(value => value == 0));
    }

    [TestMethod]
    public void WeightsSpreadToGlorotsBound()
    {
        ParameterSet parameters = ParameterInitializer.Create(s_copy, 1, new InitializationSettings { HeadsGain = 1.4f });
        AssertUniform(parameters.Slice("controller.0.weight_ih"), Math.Sqrt(6.0 / (29 + 100 + 400)));
        AssertUniform(parameters.Slice("controller.0.weight_hh"), Math.Sqrt(6.0 / (29 + 100 + 400)));
        AssertUniform(parameters.Slice("heads.weight"), 1.4 * Math.Sqrt(6.0 / (92 + 100)));
        AssertUniform(parameters.Slice("output.weight"), Math.Sqrt(6.0 / (8 + 120)));
        AssertUniform(parameters.Slice("initial.hidden.0"), 0.05 * Math.Sqrt(3));
    }

    [TestMethod]
    public void EveryHeadStartsFocusedOnTheFirstSlot()
    {
        var settings = new InitializationSettings();
        ParameterSet parameters = ParameterInitializer.Create(s_copy with { NumberOfReadHeads = 2 }, 1, settings);
        foreach (string name in new[] { "initial.read_weights", "initial.write_weights" })
        {
            Span<float> logits = parameters.Slice(name); // [heads, 128]
            for (int head = 0; head < logits.Length; head += 128)
                logits[head] -= settings.StartFocus;
            AssertUniform(logits, Math.Sqrt(6.0 / 129));
        }
    }

    [TestMethod]
    public void EveryParameterOfEveryFamilyIsDefined()
    {
        foreach (NetworkKind kind in Enum.GetValues<NetworkKind>())
        {
            foreach (InitialMemory memory in Enum.GetValues<InitialMemory>())
            {
                var spec = new NetworkSpec
                {
                    Kind = kind,
                    ControllerLayers = 2,
                    InitialMemory = kind == NetworkKind.Ntm ? memory : default,
                };
                ParameterSet parameters = ParameterInitializer.Create(spec, 3);
                foreach (ParameterSlice slice in parameters.Layout.Slices.Where(slice =>
                    !slice.Name.EndsWith("bias", StringComparison.Ordinal)))
                    Assert.IsFalse(parameters[slice.Name].ToArray().All(value => value == 0), slice.Name);
            }
        }
    }

    [TestMethod]
    public void AnotherSizeElsewhereDoesNotMoveAParameter()
    {
        float[] before = ParameterInitializer.Create(s_copy, 1)["initial.hidden.0"].ToArray();
        float[] after = ParameterInitializer.Create(s_copy with { OutputSize = 3, MemorySlots = 64 }, 1)["initial.hidden.0"].ToArray();
        CollectionAssert.AreEqual(before, after);
    }

    [TestMethod]
    public void OrthogonalRecurrenceHasOrthonormalRowsPerGate()
    {
        const int Size = 40;
        var spec = s_copy with { ControllerSize = Size };
        float[] weights = ParameterInitializer.Create(spec, 1,
            new InitializationSettings { OrthogonalRecurrence = true })["controller.0.weight_hh"].ToArray();
        for (int gate = 0; gate < 4; gate++)
        {
            for (int i = 0; i < Size; i++)
            {
                for (int j = 0; j < Size; j++)
                {
                    double dot = Enumerable.Range(0, Size)
                        .Sum(k => (double)weights[(gate * Size + i) * Size + k] * weights[(gate * Size + j) * Size + k]);
                    Assert.AreEqual(i == j ? 1 : 0, dot, 1e-6);
                }
            }
        }
    }

    [TestMethod]
    public void AFaultySpecIsRefused() =>
        Assert.ThrowsExactly<ArgumentException>(() => ParameterInitializer.Create(s_copy with { MemorySlots = 2 }, 1));

    private static void AssertUniform(Span<float> values, double bound)
    {
        double[] numbers = [.. values.ToArray().Select(value => (double)value)];
        Assert.IsTrue(numbers.All(value => Math.Abs(value) <= bound * 1.000001), "within the bound");
        double deviation = Math.Sqrt(numbers.Average(value => value * value));
        Assert.AreEqual(bound / Math.Sqrt(3), deviation, 0.15 * bound);
    }
}
