using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Tests.Kernels;

[TestClass]
public sealed class LossesTests
{
    [TestMethod]
    [DataRow(0.3f, 1f)]
    [DataRow(12f, 1f)]
    [DataRow(25f, 1f)]
    [DataRow(-25f, 0f)]
    [DataRow(-25f, 1f)]
    [DataRow(3f, 0.25f)]
    public void BinaryCrossEntropyKeepsItsGradientWhereTheTargetIsNearlyMet(float score, float target)
    {
        float[] scores = [score];
        double loss = Losses.BinaryCrossEntropy(scores, [target], 2);
        double rest = 1 / (1 + Math.Exp(score)), expected = 2 * ((1 - target) * (1 / (1 + Math.Exp(-score))) - target * rest);
        Assert.AreEqual(expected, scores[0], 1e-6 * Math.Abs(expected));
        double exact = Math.Max(score, 0) - target * score + Math.Log(1 + Math.Exp(-Math.Abs(score)));
        Assert.AreEqual(2 * exact, loss, 1e-6 * Math.Abs(2 * exact));
    }

    [TestMethod]
    [DataRow(0.5f)]
    [DataRow(20f)]
    [DataRow(-20f)]
    public void CrossEntropyKeepsItsGradientWhereTheClassIsNearlyCertain(float score)
    {
        float[] scores = [score, 0, 0];
        Losses.CrossEntropy(scores, [0], 1);
        double sum = Math.Exp(score) + 2;
        Assert.AreEqual(-2 / sum, scores[0], 1e-6 * (2 / sum));
        Assert.AreEqual(1 / sum, scores[1], 1e-6 * (1 / sum));
    }

    [TestMethod]
    public void TargetsThatAreNotANumberCountNothing()
    {
        float[] scores = [3, 4], groups = [1, 2, 3, 4];
        Assert.AreEqual(0.0, Losses.SquaredError(scores, [float.NaN, 4], 1));
        CollectionAssert.AreEqual(new float[] { 0, 0 }, scores);
        Losses.CrossEntropy(groups, [float.NaN, 1], 1);
        Assert.AreEqual(0f, groups[0]);
        Assert.AreNotEqual(0f, groups[3]);
    }
}
