using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tests.Trainers;

namespace Microsoft.ML.NTM.Tests.Sweeping;

/// <summary>Sweeps over real trainers, from <c>ml.Sequence.Sweep</c> to the model that comes back.</summary>
[TestClass]
public sealed class SweepTests
{
    private static readonly SweepSpace s_space = SweepSpace.Empty
        .Range("LearningRate", 1e-4, 3e-2, 3e-4, logarithmic: true)
        .Range("BatchSize", 2, 8, 4)
        .Range("ControllerSize", 6, 16, 12);

    private static SweepOptions Options(string? folder = null) => new()
    {
        NumberOfTrials = 6,
        Rungs = 1,
        NumberOfRepeats = 1,
        NumberOfRepeatedTrials = 1,
        NumberOfParallelTrials = 1,
        Seed = 5,
        Space = s_space,
        JournalFolder = folder,
    };

    private static SweepResult<NtmTrainer.Options> Run(SweepOptions options)
    {
        var ml = new MLContext(1);
        return ml.Sequence.Sweep(SmallNtm.Data(ml), SmallNtm.Data(ml, 20, seed: 9), SmallNtm.Options(30), options);
    }

    private static string Describe(SweepResult result) => string.Join('\n', result.Trials.Select(trial =>
        $"{trial.Number} {trial.Seed} {trial.Status} {trial.Metric:R} {string.Join(' ', trial.Values)} "
            + string.Join(' ', trial.Curve.Select(point => $"{point.Share:R} {point.Loss:R}"))));

    [TestMethod]
    public void ASweepBeginsAtTheGivenOptionsAndEndsWithOptionsThatTrainTheSameModel()
    {
        var ml = new MLContext(1);
        SweepResult<NtmTrainer.Options> result = Run(Options());

        Assert.HasCount(7, result.Trials);
        CollectionAssert.AreEqual(new object[] { 3e-4, 4, 12 }, result.Trials[0].Values.Values.ToArray());
        Assert.IsLessThan(result.Trials[0].Metric!.Value, result.Best.Metric!.Value);
        Assert.AreEqual(30 * 4, result.Options.NumberOfIterations * result.Options.BatchSize, result.Options.BatchSize);
        SequenceTransformer again = ml.Sequence.Trainers.Ntm(OptionsAsInTheSweep(result))
            .Fit(SmallNtm.Data(ml), SmallNtm.Data(ml, 20, seed: 9));
        CollectionAssert.AreEqual(((SequenceTransformer)result.Model).Model.Parameters.Values, again.Model.Parameters.Values);
    }

    // A sweep validates three times; the best weights depend on when.
    private static NtmTrainer.Options OptionsAsInTheSweep(SweepResult<NtmTrainer.Options> result)
    {
        NtmTrainer.Options options = result.Options;
        options.ValidationInterval = Math.Max(1, options.NumberOfIterations / 3);
        return options;
    }

    [TestMethod]
    public void OneTrialAtATimeGivesTheSameSweepTwiceAndSideBySideTheSameTrainings()
    {
        string once = Describe(Run(Options()));

        Assert.AreEqual(once, Describe(Run(Options())));
        SweepOptions parallel = Options();
        parallel.NumberOfParallelTrials = 2;
        Assert.AreEqual(once.Split('\n')[0], Describe(Run(parallel)).Split('\n')[0]);
    }

    [TestMethod]
    public void AJournalCutInTheMiddleOfATrainingGoesOnBitForBit()
    {
        string folder = Directory.CreateTempSubdirectory("sweep").FullName, journal = Path.Combine(folder, "journal.jsonl");
        SweepResult<NtmTrainer.Options> whole = Run(Options(folder));
        byte[] bytes = File.ReadAllBytes(journal);
        foreach (double share in new[] { 0.35, 0.6, 0.85 })
        {
            File.WriteAllBytes(journal, bytes[..(int)(share * bytes.Length)]);
            SweepResult<NtmTrainer.Options> resumed = Run(Options(folder));

            Assert.AreEqual(Describe(whole), Describe(resumed));
            CollectionAssert.AreEqual(((SequenceTransformer)whole.Model).Model.Parameters.Values,
                ((SequenceTransformer)resumed.Model).Model.Parameters.Values);
        }
        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    public void AnyPipelineIsSweptByAnyMetric()
    {
        var ml = new MLContext(1);
        var random = new Random(1);
        IDataView data = ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 200).Select(_ => random.NextSingle()).Select(x => new Point { Features = [x, 1 - x], Label = 3 * x })
                .ToArray());
        SweepSpace space = SweepSpace.Empty.Choice("Trainer", "worst", "gradient", "none").Range("Rate", 1e-3, 1.0, 1e-3, logarithmic: true)
            .OnlyWhen("Rate", "Trainer", "gradient");
        SweepResult result = ml.Sequence.Sweep(data, data, trial => trial.Value<string>("Trainer") switch
        {
            "gradient" => trial.MLContext.Regression.Trainers.OnlineGradientDescent(learningRate: (float)trial.Value<double>("Rate"),
                numberOfIterations: 20),
            "worst" => trial.MLContext.Regression.Trainers.OnlineGradientDescent(learningRate: 1e-6f),
            _ => throw new InvalidOperationException("There is none."),
        }, new SweepOptions { Space = space, NumberOfTrials = 20, Metric = SweepMetric.RootMeanSquaredError(), Seed = 1 });

        Assert.AreEqual("gradient", result.Best.Values["Trainer"]);
        Assert.IsLessThan(0.5 * result.Trials[0].Metric!.Value, result.Best.Metric!.Value);
        SweepTrial failed = result.Trials.First(trial => trial.Status == SweepTrialStatus.Failed);
        Assert.AreEqual(("There is none.", false), (failed.Error, failed.Values.ContainsKey("Rate")));
        Assert.AreEqual(result.Best.Metric!.Value, ml.Regression.Evaluate(result.Model.Transform(data)).RootMeanSquaredError, 1e-9);
    }

    [TestMethod]
    public void WhatNeedsMoreThanTheMemoryBudgetIsRecordedAndNotTrained()
    {
        SweepOptions options = Options(Directory.CreateTempSubdirectory("sweep").FullName);
        options.Space = SweepSpace.Empty.Range("ControllerSize", 12, 2_000, 12, logarithmic: true);
        options.Candidates = [new Dictionary<string, object> { ["ControllerSize"] = 2_000 }];
        options.MemoryBudget = 8 << 20;
        SweepResult<NtmTrainer.Options> result = Run(options);

        SweepTrial large = result.Trials[1];
        Assert.AreEqual((SweepTrialStatus.Failed, 0), (large.Status, large.Curve.Count));
        StringAssert.Contains(large.Error, "the sweep's memory budget is 8.0 MiB");
        Assert.IsTrue(result.Trials.Where(trial => trial != large).All(trial => trial.Status != SweepTrialStatus.Failed
            && (int)trial.Values["ControllerSize"] < 700));
        Assert.AreEqual(Describe(result), Describe(Run(options)), "The journal has it too.");
        Directory.Delete(options.JournalFolder!, recursive: true);
    }

    [TestMethod]
    public void TheTrialsAreATable()
    {
        var ml = new MLContext(1);
        SweepResult<NtmTrainer.Options> result = Run(Options());
        IDataView table = result.ToDataView(ml);

        CollectionAssert.AreEqual(result.Trials.Select(trial => trial.Metric ?? double.NaN).ToArray(), table.GetColumn<double>("Metric")
            .ToArray());
        CollectionAssert.AreEqual(new[] { 3e-4, 4, 12 }, table.GetColumn<double[]>("Values").First());
        VBuffer<ReadOnlyMemory<char>> names = default;
        table.Schema["Values"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(new[] { "LearningRate", "BatchSize", "ControllerSize" }, names.DenseValues().Select(name => $"{name}")
            .ToArray());
    }

    [TestMethod]
    public void WhatCannotBeSweptIsRefusedBeforeAnythingIsTrained()
    {
        var ml = new MLContext(1);
        IDataView data = SmallNtm.Data(ml);
        StringAssert.Contains(Assert.Throws<ArgumentException>(() =>
            Run(new SweepOptions { NumberOfTrials = 0, ReductionFactor = 1, CostLimit = 0 })).Message, "3 of the sweep's options");
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            ml.Sequence.Sweep(data, data, new LstmTrainer.Options { LabelColumnName = "Nothing" }));
        Assert.Throws<ArgumentException>(() => ml.Sequence.Sweep(data, data, new LstmTrainer.Options { BatchSize = 0 }));
        Assert.Throws<ArgumentException>(() =>
            ml.Sequence.Sweep(data, data, _ => ml.Sequence.Trainers.Lstm(), new SweepOptions()));
    }

    [TestMethod]
    public void IfNoTrialCanBeTrainedTheFirstOnesReasonIsTheSweeps()
    {
        var ml = new MLContext(1);
        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() => ml.Sequence.Sweep(
            SmallNtm.Data(ml), SmallNtm.Data(ml), _ => throw new NotSupportedException("No such thing."),
            new SweepOptions { NumberOfTrials = 3, Metric = SweepMetric.Loss(), Space = SweepSpace.Empty.Range("X", 0.0, 1.0, 0.5) }));

        StringAssert.Contains(fault.Message, "Trial 0: No such thing.");
    }

    private sealed class Point
    {
        [VectorType(2)] public float[] Features { get; set; } = [];
        public float Label { get; set; }
    }
}
