using System.Numerics;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Tests.Training;

[TestClass]
public sealed class GradientClipTests
{
    private static readonly NetworkSpec s_network = new() { Kind = NetworkKind.Lstm, InputSize = 1, OutputSize = 1, ControllerSize = 1 };

    [TestMethod]
    public void NormIsTheEuclideanOneAtEveryLength()
    {
        for (int length = 0; length <= 70; length++)
        {
            float[] gradient = Draw(length);
            Assert.AreEqual(Math.Sqrt(gradient.Sum(value => (double)value * value)), NormOf(gradient), 1e-12,
                $"length {length}");
        }
    }

    [TestMethod]
    public void NormIsFiniteExactlyIfEveryElementIs()
    {
        Assert.IsTrue(double.IsFinite(NormOf(Enumerable.Repeat(float.MaxValue, 40).ToArray())));
        for (int position = 0; position < 37; position++)
        {
            foreach (float fault in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                float[] gradient = Draw(37);
                gradient[position] = fault;
                Assert.IsFalse(double.IsFinite(NormOf(gradient)), $"{fault} at {position}");
            }
        }
    }

    [TestMethod]
    public void ElementsAreBoundedByTenUnlessToldOtherwise()
    {
        float[] gradient = [.. Enumerable.Range(-20, 41).Select(value => (float)value)];
        float[] expected = [.. gradient.Select(value => Math.Clamp(value, -10f, 10f))];
        Clip(new GradientClip(), gradient, NormOf(gradient));
        CollectionAssert.AreEqual(expected, gradient);
    }

    [TestMethod]
    public void ABoundedNormKeepsTheDirection()
    {
        float[] gradient = Draw(21);
        float[] before = [.. gradient];
        double norm = NormOf(gradient);
        Clip(new GradientClip(Value: null, Norm: 0.5f), gradient, norm);
        Assert.AreEqual(0.5, NormOf(gradient), 1e-6);
        for (int i = 0; i < gradient.Length; i++)
            Assert.AreEqual(before[i] * 0.5 / norm, gradient[i], 1e-7);
    }

    [TestMethod]
    public void AGradientWithinItsBoundsIsLeftAlone()
    {
        float[] gradient = Draw(21);
        float[] before = [.. gradient];
        Clip(new GradientClip(Value: 1, Norm: 100), gradient, NormOf(gradient));
        CollectionAssert.AreEqual(before, gradient);
    }

    [TestMethod]
    public void TheNormIsBoundedBeforeTheElements()
    {
        float[] gradient = [30, 40];
        Clip(new GradientClip(Value: 3.5f, Norm: 5), gradient, 50);
        CollectionAssert.AreEqual(new[] { 3f, 3.5f }, gradient);
    }

    [TestMethod]
    public void ManyElementsHaveTheSameNormOnAnyNumberOfThreads()
    {
        float[] gradient = Draw(300_001);
        double[] norms = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using var engine = new ManagedEngine(s_network, new SequenceSpec(), threads);
            return new GradientNorm(gradient).Take(engine);
        })];
        Assert.AreEqual(norms[0], norms[1]);
        Assert.AreEqual(norms[0], norms[2]);
        Assert.AreEqual(Math.Sqrt(gradient.Sum(value => (double)value * value)), norms[0], 1e-9);
    }

    private static double NormOf(float[] gradient)
    {
        using var engine = new ManagedEngine(s_network, new SequenceSpec(), threads: 1);
        return new GradientNorm(gradient).Take(engine);
    }

    // As an optimizer sees the gradient.
    private static void Clip(GradientClip clip, float[] gradient, double norm)
    {
        GradientBounds bounds = clip.For(norm);
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] = bounds.Apply(new Vector<float>(gradient[i]))[0];
    }

    private static float[] Draw(int length)
    {
        var random = new SeededRandom(1);
        return [.. Enumerable.Range(0, length).Select(_ => (float)random.NextSymmetric(1))];
    }
}
