using System.Reflection;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Sweeping;
using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.NTM.Tests.Sweeping.Space;

[TestClass]
public sealed class SweepSpaceTests
{
    public static IEnumerable<object[]> Spaces() =>
    [
        [SweepSpace.Of<NtmTrainer.Options>(), new NtmTrainer.Options()], [SweepSpace.Full<NtmTrainer.Options>(), new NtmTrainer.Options()],
        [SweepSpace.Of<DncTrainer.Options>(), new DncTrainer.Options()], [SweepSpace.Full<DncTrainer.Options>(), new DncTrainer.Options()],
        [SweepSpace.Of<LstmTrainer.Options>(), new LstmTrainer.Options()],
        [SweepSpace.Full<LstmTrainer.Options>(), new LstmTrainer.Options()],
    ];

    [TestMethod]
    [DynamicData(nameof(Spaces))]
    public void EveryDrawIsATrainerThatCanBeMade(SweepSpace space, SequenceTrainerOptions options)
    {
        var random = new SeededRandom(1, "draws");
        var plan = new SweepPlan { Space = space };
        for (int i = 0; i < 1_000; i++)
            Make(options, space.ValuesOf(Draws.Within(plan, random)));
    }

    [TestMethod]
    [DynamicData(nameof(Spaces))]
    public void TheFirstTrialHasTheDocumentedDefaults(SweepSpace space, SequenceTrainerOptions options)
    {
        foreach ((string name, object value) in space.ValuesOf(space.Start))
            Assert.AreEqual(options.GetType().GetProperty(name)!.GetValue(options), value, name);
    }

    [TestMethod]
    [DataRow(typeof(NtmTrainer.Options))]
    [DataRow(typeof(DncTrainer.Options))]
    [DataRow(typeof(LstmTrainer.Options))]
    public void TheDearestCornerCostsAtMostTwentyTimesTheDefaults(Type type)
    {
        var options = (SequenceTrainerOptions)Activator.CreateInstance(type)!;
        SweepSpace space = SpaceReader.Read(options);
        var values = space.Parameters.Where(parameter => !parameter.IsChoice)
            .ToDictionary(parameter => parameter.Name, parameter => parameter.ToValue(parameter.Maximum));

        double Cost(SequenceTrainerOptions one) => one.BatchSize * NetworkCost.PerSequence(one.ToNetwork(9, 8), 20);
        double ratio = Cost(Make(options, values)) / Cost(options);

        Assert.IsInRange(4, 20, ratio);
    }

    // How AutoML maps a default to 0..1 and back (UniformNumericOption and UniformIntOption of Microsoft.ML.SearchSpace): a whole number is
    // cut off, so one that comes back a hair too small becomes the number below.
    [TestMethod]
    [DataRow(typeof(NtmTrainer.Options))]
    [DataRow(typeof(DncTrainer.Options))]
    [DataRow(typeof(LstmTrainer.Options))]
    public void DefaultsSurviveAutoMLsLogarithm(Type type)
    {
        foreach (PropertyInfo property in type.GetProperties())
        {
            if (property.GetCustomAttribute<RangeAttribute>() is not { LogBase: true } range)
                continue;
            double minimum = Convert.ToDouble(range.Min), maximum = Convert.ToDouble(range.Max), start = Convert.ToDouble(range.Init);
            double length = Math.Log(maximum) - Math.Log(minimum);
            double unit = Math.Log(start) / length - Math.Log(minimum) / length;
            double back = minimum * Math.Pow(maximum / minimum, unit);

            if (range.Init is int)
                Assert.AreEqual(start, Math.Floor(back), property.Name);
            else
                Assert.AreEqual((float)start, (float)back, property.Name);
        }
    }

    [TestMethod]
    public void WholeNumbersAreDrawnEvenlyAndBothEndsAreReached()
    {
        SweepParameter parameter = SweepParameter.Range("N", 1, 4, 1, logarithmic: false, wholeNumbers: true);
        var random = new SeededRandom(1, "whole");
        int[] counts = new int[5];
        for (int i = 0; i < 8_000; i++)
            counts[(int)parameter.FromUnit(random.NextDouble())]++;

        for (int n = 1; n <= 4; n++)
            Assert.IsInRange(1_850, 2_150, counts[n]);
    }

    [TestMethod]
    [DataRow(1.0, 1000.0, true, true)]
    [DataRow(8.0, 64.0, true, true)]
    [DataRow(-3.0, 9.0, false, true)]
    [DataRow(1e-4, 3e-2, true, false)]
    [DataRow(0.0, 1.0, false, false)]
    public void AValueComesBackFromWhereItStands(double minimum, double maximum, bool logarithmic, bool whole)
    {
        SweepParameter parameter = SweepParameter.Range("N", minimum, maximum, minimum, logarithmic, whole);
        var random = new SeededRandom(1, "round trip");
        for (int i = 0; i < 500; i++)
        {
            double value = parameter.FromUnit(random.NextDouble());
            Assert.AreEqual(value, parameter.FromUnit(parameter.ToUnit(value)), whole ? 0 : 1e-12 * maximum);
        }
    }

    [TestMethod]
    public void WhatDependsOnAChoiceHasAValueOnlyWithIt()
    {
        SweepSpace space = SweepSpace.Empty.Choice("Kind", "a", "b").Range("Layers", 1, 3, 2).OnlyWhen("Layers", "Kind", "b");

        CollectionAssert.AreEqual(new[] { "Kind" }, space.ValuesOf(space.Start).Keys.ToArray());
        IReadOnlyDictionary<string, object> values = space.ValuesOf(space.PointOf(new Dictionary<string, object> { ["Kind"] = "b" }));
        Assert.AreEqual(2, values["Layers"]);
    }

    [TestMethod]
    public void UnusableSpacesAreRefusedInOneSentence()
    {
        SweepSpace space = SweepSpace.Empty.Choice("Kind", "a", "b").Range("Layers", 1, 3, 2);
        (string Expected, Action Use)[] cases =
        [
            ("minimum must be below", () => SweepSpace.Empty.Range("X", 2.0, 1.0, 1.5)),
            ("start above 0", () => SweepSpace.Empty.Range("X", 0.0, 1.0, 0.5, logarithmic: true)),
            ("start must lie from", () => SweepSpace.Empty.Range("X", 1, 3, 4)),
            ("none twice", () => SweepSpace.Empty.Choice("X", 1, 1)),
            ("no parameter 'Y'", () => space.Without("Y")),
            ("depend only on a choice", () => space.OnlyWhen("Kind", "Layers", 1)),
            ("must be one of a, b", () => space.OnlyWhen("Layers", "Kind", "c")),
            ("no parameter 'Y'", () => space.PointOf(new Dictionary<string, object> { ["Y"] = 1 })),
            ("whole number from 1 to 3", () => space.PointOf(new Dictionary<string, object> { ["Layers"] = 1.5 })),
        ];
        foreach ((string expected, Action use) in cases)
            StringAssert.Contains(Assert.Throws<ArgumentException>(use).Message, expected);
    }

    [TestMethod]
    public void OptionsAreCopiedWithTheTrialsValues()
    {
        var options = new NtmTrainer.Options { LabelColumnName = "Answer", MemorySlots = 30, TimeBudget = TimeSpan.FromSeconds(3) };
        NtmTrainer.Options copy = OptionsCopy.With(options,
            new Dictionary<string, object> { ["MemorySlots"] = 40, ["Optimizer"] = OptimizerKind.Adam, ["LearningRate"] = 0.01 });

        Assert.AreEqual((40, OptimizerKind.Adam, 0.01, "Answer", TimeSpan.FromSeconds(3)),
            (copy.MemorySlots, copy.Optimizer, copy.LearningRate, copy.LabelColumnName, copy.TimeBudget));
        Assert.AreEqual(30, options.MemorySlots);
        Assert.Throws<ArgumentException>(() => OptionsCopy.With(options, new Dictionary<string, object> { ["Nothing"] = 1 }));
    }

    private static SequenceTrainerOptions Make(SequenceTrainerOptions options, IReadOnlyDictionary<string, object> values)
    {
        var ml = new MLContext(1);
        switch (options)
        {
            case NtmTrainer.Options ntm:
                ntm = OptionsCopy.With(ntm, values);
                ml.Sequence.Trainers.Ntm(ntm);
                return ntm;
            case DncTrainer.Options dnc:
                dnc = OptionsCopy.With(dnc, values);
                ml.Sequence.Trainers.Dnc(dnc);
                return dnc;
            default:
                LstmTrainer.Options lstm = OptionsCopy.With((LstmTrainer.Options)options, values);
                ml.Sequence.Trainers.Lstm(lstm);
                return lstm;
        }
    }
}
