using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

[TestClass]
public sealed class ScalingRulesTests
{
    [TestMethod]
    public void ChannelsWithinOneStayAsTheyAreAndOthersBecomeStandard()
    {
        var random = new Random(1);
        ChannelScaling scaling = Features(SequenceScaling.Auto, 1_000, _ =>
            [random.NextSingle() * 2 - 1, 300 + 5 * Normal(random), 1_000 * random.NextSingle()])!;

        Assert.AreEqual((0f, 1f), (scaling.Centers[0], scaling.Deviations[0]));
        Assert.AreEqual(300, scaling.Centers[1], 0.5);
        Assert.AreEqual(5, scaling.Deviations[1], 0.5);
        Assert.AreEqual(500, scaling.Centers[2], 20);
        Assert.AreEqual(1_000 / Math.Sqrt(12), scaling.Deviations[2], 10);
        Assert.AreEqual(2, scaling.Scaled());
    }

    [TestMethod]
    public void NumbersWithinOneThatAreFaintAreScaledToo()
    {
        // A vibration of 0.02 with shocks of 0.06; a voltage that stays near 1; a flag in one step of 500.
        var random = new Random(1);
        ChannelScaling scaling = Features(SequenceScaling.Auto, 5_000, i =>
            [0.02f + 0.003f * Normal(random) + (i % 25 == 0 ? 0.04f : 0), 0.98f + 0.005f * Normal(random), i % 500 == 0 ? 1 : 0])!;

        float[] z = [0.06f, 0.97f, 1];
        scaling.Apply(z, z);
        Assert.IsGreaterThan(3f, z[0]);
        Assert.AreEqual(-2, z[1], 0.2);
        Assert.AreEqual(1, z[2]);

        Assert.IsNotNull(ScalingRules.Targets(SequenceScaling.Auto, Moments(100, i => [0.00001f * i])));
    }

    [TestMethod]
    public void NumbersOfUnitScaleStayAsTheyAre()
    {
        var random = new Random(1);
        Assert.IsNull(Features(SequenceScaling.Auto, 1_000, _ => [Normal(random), 0.2f + 0.7f * Normal(random)]));
    }

    // Repeat copy's count: (R - 5.5) / sqrt(8.25) in one step of many, 0 in all others.
    [TestMethod]
    public void ThePapersTasksStayAsTheyAre()
    {
        SequenceTask[] tasks =
            [new CopyTask(), new RepeatCopyTask(), new AssociativeRecallTask(), new DynamicNGramsTask(), new PrioritySortTask()];
        foreach (SequenceTask task in tasks)
        {
            var (moments, sample) = (new ChannelMoments(task.FeatureSize), new StepSample(task.FeatureSize));
            foreach (TaskSequence row in task.Rows(300))
            {
                moments.Add(row.Features);
                sample.Add(row.Features);
            }
            Assert.IsNull(ScalingRules.Features(SequenceScaling.Auto, moments, sample), task.GetType().Name);
        }
    }

    [TestMethod]
    public void AFewWildValuesDoNotFlattenTheOthers()
    {
        var random = new Random(1);
        ChannelScaling scaling = Features(SequenceScaling.Auto, 10_000, i => [i % 1_000 == 7 ? 1e6f : 0.5f * Normal(random)])!;

        Assert.AreEqual(0, scaling.Centers[0], 0.05);
        Assert.AreEqual(0.5, scaling.Deviations[0], 0.05);
        float[] z = [0.5f, 1e6f, 1e7f];
        scaling.Apply(z, z);
        Assert.AreEqual(1, z[0], 0.15);
        Assert.IsInRange(20f, 30f, z[1]);
        Assert.AreEqual(z[1] + MathF.Log(10), z[2], 1e-3f);
    }

    [TestMethod]
    public void HeavyTailsAreScaledByTheirMiddle()
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 20_000).Select(_ => MathF.Exp(2.5f * Normal(random)))];
        ChannelScaling scaling = Features(SequenceScaling.Auto, values.Length, i => [values[i]])!;
        float[] z = new float[values.Length];
        scaling.Apply(values, z);
        Array.Sort(z);

        Assert.AreEqual(0, z[z.Length / 2], 0.1, "The median");
        Assert.AreEqual(1.349, z[3 * z.Length / 4] - z[z.Length / 4], 0.1, "The middle half");
        Assert.IsLessThan(20, z[^1], "The largest");
    }

    // Quartiles lie between values: 20 + (30 - 20) / 4 = 22.5 and 50 + (90 - 50) * 3 / 4 = 80, and the median at 40.
    [TestMethod]
    public void QuartilesOfFewValuesLieBetweenThem()
    {
        float[] values = [90, 1e6f, 20, 10, 50, 30];
        ChannelScaling scaling = Features(SequenceScaling.Auto, values.Length, i => [values[i]])!;

        Assert.AreEqual(40, scaling.Centers[0], 1e-4);
        Assert.AreEqual((80 - 22.5) / 1.349, scaling.Deviations[0], 1e-3);
    }

    [TestMethod]
    public void RareEventsOfLikeSizeAreScaledByTheirRootMeanSquare()
    {
        float[] values = [0, 0, -50, 0, 10, 0, 30, 0];
        ChannelScaling scaling = Features(SequenceScaling.Auto, values.Length, i => [values[i]])!;

        Assert.AreEqual(0, scaling.Centers[0]);
        Assert.AreEqual(Math.Sqrt((2_500 + 100 + 900) / 3.0), scaling.Deviations[0], 1e-4);
    }

    [TestMethod]
    public void RareEventsKeepTheirZero()
    {
        var random = new Random(1);
        ChannelScaling scaling = Features(SequenceScaling.Auto, 5_000, i =>
            [i % 10 == 0 ? 50 + random.NextSingle() : 0, i % 10 == 0 ? i % 100 == 0 ? 1e9f : 40 : 0])!;

        Assert.AreEqual((0f, 0f), (scaling.Centers[0], scaling.Centers[1]));
        Assert.AreEqual(50.5, scaling.Deviations[0], 0.1);
        Assert.AreEqual(40, scaling.Deviations[1], 0.1);
    }

    [TestMethod]
    public void ConstantsBecomeZeroAndChangeRelativeToTheirSize()
    {
        foreach (SequenceScaling kind in new[] { SequenceScaling.Auto, SequenceScaling.Standardize })
        {
            ChannelScaling scaling = Features(kind, 100, i => [1e6f + 0.0625f * (i % 2), -300, i])!;
            float[] z = [1e6f, -300, 0];
            scaling.Apply(z, z);
            Assert.AreEqual(0, z[0], 0.1);
            Assert.AreEqual(0, z[1]);
        }
        float[] changed = [-330];
        Features(SequenceScaling.Auto, 100, _ => [-300])!.Apply(changed, changed);
        Assert.AreEqual(-0.1f, changed[0], 1e-6f);
    }

    [TestMethod]
    public void StandardizeScalesEveryChannelAndNoneScalesNone()
    {
        ChannelScaling scaling = Features(SequenceScaling.Standardize, 100, i => [0.1f * (i % 2), i % 2 == 0 ? 1e9f : 0])!;

        Assert.AreEqual(0.05f, scaling.Centers[0], 1e-6f);
        Assert.AreEqual(0.05f, scaling.Deviations[0], 1e-6f);
        Assert.AreEqual(5e8f, scaling.Deviations[1], 1e3f);
        Assert.IsNull(scaling.Limit);
        Assert.IsNull(Features(SequenceScaling.None, 100, i => [i]));
    }

    [TestMethod]
    public void TargetsWithinOneStayAsTheyAreUnlessAsked()
    {
        ChannelMoments small = Moments(100, i => [i % 2, -0.5f]), large = Moments(100, i => [i, 0.5f]);

        Assert.IsNull(ScalingRules.Targets(SequenceScaling.Auto, small));
        Assert.IsNull(ScalingRules.Targets(SequenceScaling.None, large));
        Assert.AreEqual(new ChannelScaling([0.5f, -0.5f], [0.5f, 1]), ScalingRules.Targets(SequenceScaling.Standardize, small));
        Assert.AreEqual(new ChannelScaling([49.5f, 0.5f], [28.866070f, 1]), ScalingRules.Targets(SequenceScaling.Auto, large));
    }

    private static ChannelScaling? Features(SequenceScaling kind, int count, Func<int, float[]> step)
    {
        float[][] steps = [.. Enumerable.Range(0, count).Select(step)];
        var (moments, sample) = (new ChannelMoments(steps[0].Length), new StepSample(steps[0].Length));
        foreach (float[] each in steps)
        {
            moments.Add(each);
            sample.Add(each);
        }
        return ScalingRules.Features(kind, moments, sample);
    }

    private static ChannelMoments Moments(int count, Func<int, float[]> step)
    {
        var moments = new ChannelMoments(step(0).Length);
        for (int i = 0; i < count; i++)
            moments.Add(step(i));
        return moments;
    }

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
