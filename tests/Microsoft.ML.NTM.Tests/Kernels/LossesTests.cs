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
    public void SquaredErrorAndItsGradientAreTheSum()
    {
        float[] scores = [3, 4, -1];
        Assert.AreEqual(0.5 * (4 + 9 + 0.25), Losses.SquaredError(scores, [1, 7, -1.5f], 0.5f), 1e-12);
        CollectionAssert.AreEqual(new[] { 2f, -3f, 0.5f }, scores);
    }

    [TestMethod]
    [DataRow(1f)]
    [DataRow(0.25f)]
    public void CrossEntropyAndItsGradientAreThoseOfTheSoftmaxOfEachGroup(float weight)
    {
        float[] scores = [-3, 2, 0.5f, 88, -88, 87], targets = [2, 0];
        double[][] groups = [.. scores.Select(score => (double)score).Chunk(3)];
        double[] sums = [.. groups.Select(group => group.Sum(Math.Exp))];
        double expected = groups.Select((group, g) => Math.Log(sums[g]) - group[(int)targets[g]]).Sum();

        Assert.AreEqual(weight * expected, Losses.CrossEntropy(scores, targets, weight), 1e-6);
        for (int i = 0; i < scores.Length; i++)
        {
            double gradient = Math.Exp(groups[i / 3][i % 3]) / sums[i / 3] - (i % 3 == targets[i / 3] ? 1 : 0);
            Assert.AreEqual(weight * gradient, scores[i], 1e-7, $"{i}");
        }
    }

    [TestMethod]
    public void TargetsThatAreNotANumberCountNothing()
    {
        float[] scores = [3, 4], groups = [1, 2, 3, 4];
        Assert.AreEqual(0.0, Losses.SquaredError(scores, [float.NaN, 4], 1));
        CollectionAssert.AreEqual(new float[] { 0, 0 }, scores);
        float[] answers = [1, 2];
        Assert.AreEqual(Losses.BinaryCrossEntropy([2], [1], 1), Losses.BinaryCrossEntropy(answers, [float.NaN, 1], 1));
        Assert.AreEqual(0f, answers[0]);
        Losses.CrossEntropy(groups, [float.NaN, 1], 1);
        Assert.AreEqual(0f, groups[0]);
        Assert.AreNotEqual(0f, groups[3]);
    }
}
