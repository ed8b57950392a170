using Microsoft.ML.Data;
using Microsoft.ML.NTM.Model.Safetensors;

namespace Microsoft.ML.NTM.Tests.Model.Foreign;

/// <summary>Weights in the layouts of other implementations, converted as docs/import.md says, answer as they do there.</summary>
[TestClass]
public sealed class ForeignWeightsTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void AnNtmOfPyTorchNtmAnswersTheSame(int seed)
    {
        var ntm = new PyTorchNtm(seed);

        AssertSame(PyTorchNtm.Spec, ntm.Converted(), ntm.Run);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void ADncInDeepMindsLayoutAnswersAsOursDoes(int seed)
    {
        var dnc = new DeepMindDnc(seed);

        AssertSame(DeepMindDnc.Spec, dnc.Converted(), dnc.Run);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void ADncInTheLayoutOfPyTorchDncAnswersAsOursDoes(int seed)
    {
        var dnc = new PyTorchDnc(seed);

        AssertSame(PyTorchDnc.Spec, dnc.Converted(), dnc.Run);
    }

    // Through a file and the public call that reads it.
    private static void AssertSame(NetworkSpec spec, ParameterSet parameters, Func<double[][], double[][]> run)
    {
        string path = Path.GetTempFileName();
        using (FileStream file = File.Create(path))
            SafetensorsWriter.Write(file, parameters);
        var ml = new MLContext(seed: 1);
        var sequence = new SequenceSpec { FeatureSize = spec.InputSize, Loss = SequenceLoss.BinaryCrossEntropy };
        using SequenceTransformer model = ml.Sequence.LoadSafetensors(path, spec, sequence);
        File.Delete(path);

        var random = new Random(7);
        double[][] inputs = [.. Enumerable.Range(0, 12).Select(_ =>
            Enumerable.Range(0, spec.InputSize).Select(_ => (double)random.Next(2)).ToArray())];
        var row = new Sequence { Features = [.. inputs.SelectMany(step => step).Select(x => (float)x)] };
        float[] got = model.Transform(ml.Data.LoadFromEnumerable([row])).GetColumn<float[]>("Score").Single();
        double[] expected = [.. run(inputs).SelectMany(step => step)];
        Assert.HasCount(expected.Length, got);
        Assert.IsGreaterThan(0.01, expected.Max() - expected.Min(), "answers that do not differ show nothing");
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], got[i], 2e-5, $"answer {i}");
    }

    private sealed class Sequence
    {
        public float[] Features { get; set; } = [];
    }
}
