using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Tests.Training;

[TestClass]
public sealed class GradientClipTests
{
    [TestMethod]
    public void NormIsTheEuclideanOneAtEveryLength()
    {
        for (int length = 0; length <= 70; length++)
        {
            float[] gradient = Draw(length);
            Assert.AreEqual(Math.Sqrt(gradient.Sum(value => (double)value * value)), GradientClip.NormOf(gradient), 1e-12,
                $"length {length}");
        }
    }

    [TestMethod]
    public void NormIsFiniteExactlyIfEveryElementIs()
    {
        Assert.IsTrue(double.IsFinite(GradientClip.NormOf(Enumerable.Repeat(float.MaxValue, 40).ToArray())));
        for (int position = 0; position < 37; position++)
        {
            foreach (float fault in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                float[] gradient = Draw(37);
                gradient[position] = fault;
                Assert.IsFalse(double.IsFinite(GradientClip.NormOf(gradient)), $"{fault} at {position}");
            }
        }
    }

    [TestMethod]
    public void ElementsAreBoundedByTenUnlessToldOtherwise()
    {
        float[] gradient = [.. Enumerable.Range(-20, 41).Select(value => (float)value)];
        float[] expected = [.. gradient.Select(value => Math.Clamp(value, -10f, 10f))];
        new GradientClip().Apply(gradient, GradientClip.NormOf(gradient));
        CollectionAssert.AreEqual(expected, gradient);
    }

    [TestMethod]
    public void ABoundedNormKeepsTheDirection()
    {
        float[] gradient = Draw(21);
        float[] before = [.. gradient];
        double norm = GradientClip.NormOf(gradient);
        new GradientClip(Value: null, Norm: 0.5f).Apply(gradient, norm);
        Assert.AreEqual(0.5, GradientClip.NormOf(gradient), 1e-6);
        for (int i = 0; i < gradient.Length; i++)
            Assert.AreEqual(before[i] * 0.5 / norm, gradient[i], 1e-7);
    }

    [TestMethod]
    public void AGradientWithinItsBoundsIsLeftAlone()
    {
        float[] gradient = Draw(21);
        float[] before = [.. gradient];
        new GradientClip(Value: 1, Norm: 100).Apply(gradient, GradientClip.NormOf(gradient));
        CollectionAssert.AreEqual(before, gradient);
    }

    [TestMethod]
    public void TheNormIsBoundedBeforeTheElements()
    {
        float[] gradient = [30, 40];
        new GradientClip(Value: 3.5f, Norm: 5).Apply(gradient, 50);
        CollectionAssert.AreEqual(new[] { 3f, 3.5f }, gradient);
    }

    private static float[] Draw(int length)
    {
        var random = new SeededRandom(1);
        return [.. Enumerable.Range(0, length).Select(_ => (float)random.NextSymmetric(1))];
    }
}
