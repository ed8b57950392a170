namespace Microsoft.ML.NTM.Tests.Trainers;

[TestClass]
public sealed class WarmStartTests
{
    // So small a step changes no float: what comes out is what training began with.
    private const double Nothing = 1e-30;

    [TestMethod]
    public void TrainingBeginsWithTheParametersOfTheInitialModel()
    {
        var ml = new MLContext(seed: 1);
        using SequenceTransformer first = ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(SmallNtm.Data(ml));
        NtmTrainer.Options options = SmallNtm.Options();
        options.Seed = 77;
        options.LearningRate = Nothing;

        using SequenceTransformer next = ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(ml), null, first.Model);

        CollectionAssert.AreEqual(first.Model.Parameters.Values, next.Model.Parameters.Values);
        Assert.AreNotSame(first.Model.Parameters, next.Model.Parameters);
    }

    [TestMethod]
    public void InitialModelStaysAsItIs()
    {
        var ml = new MLContext(seed: 1);
        using SequenceTransformer first = ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(SmallNtm.Data(ml));
        float[] before = [.. first.Model.Parameters.Values];

        using SequenceTransformer next = ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(SmallNtm.Data(ml), null, first.Model);

        CollectionAssert.AreEqual(before, first.Model.Parameters.Values);
        CollectionAssert.AreNotEqual(before, next.Model.Parameters.Values);
    }

    [TestMethod]
    public void ModelReadFromAFileCanBeTrainedOn()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SmallNtm.Data(ml);
        using SequenceTransformer first = ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(data);
        var file = new MemoryStream();
        ml.Model.Save(first, data.Schema, file);
        file.Position = 0;
        using var loaded = (SequenceTransformer)ml.Model.Load(file, out _);
        NtmTrainer.Options options = SmallNtm.Options();
        options.LearningRate = Nothing;

        using SequenceTransformer next = ml.Sequence.Trainers.Ntm(options).Fit(data, null, loaded.Model);

        CollectionAssert.AreEqual(first.Model.Parameters.Values, next.Model.Parameters.Values);
    }

    [TestMethod]
    public void EverythingThatDiffersIsListed()
    {
        var ml = new MLContext(seed: 1);
        using SequenceTransformer first = ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(SmallNtm.Data(ml));
        NtmTrainer.Options options = SmallNtm.Options();
        options.MemorySlots = 9;
        options.ControllerSize = 13;
        options.Loss = SequenceLoss.SquaredError;

        ArgumentException fault = Assert.ThrowsExactly<ArgumentException>(
            () => ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(ml), null, first.Model));

        Assert.Contains("MemorySlots is 8 in the model and 9 here", fault.Message);
        Assert.Contains("ControllerSize is 12 in the model and 13 here", fault.Message);
        Assert.Contains("Loss is BinaryCrossEntropy in the model and SquaredError here", fault.Message);
        Assert.AreEqual("initialModel", fault.ParamName);
    }

    [TestMethod]
    public void StepsMadeOfNumbersAreNotStepsMadeOfKeys()
    {
        var ml = new MLContext(seed: 1);
        LstmTrainer trainer = ml.Sequence.Trainers.Lstm(new LstmTrainer.Options { ControllerSize = 4, NumberOfIterations = 1, Seed = 1 });
        using SequenceTransformer keys = trainer.Fit(Words(ml, "a"));
        IDataView numbers = ml.Transforms.Concatenate("Features", "Number").Fit(Words(ml, "a")).Transform(Words(ml, "a"));

        ArgumentException fault = Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(numbers, null, keys.Model));

        Assert.Contains("a step has 1 keys of 1 and a label of 1 classes in the model and 1 numbers and a label of 1 classes here",
            fault.Message);
    }

    [TestMethod]
    public void ClassesInAnotherOrderAreRefused()
    {
        var ml = new MLContext(seed: 1);
        LstmTrainer trainer = ml.Sequence.Trainers.Lstm(new LstmTrainer.Options { ControllerSize = 4, NumberOfIterations = 1, Seed = 1 });
        using SequenceTransformer first = trainer.Fit(Words(ml, "a b"));
        trainer.Fit(Words(ml, "a b"), null, first.Model).Dispose();

        ArgumentException fault = Assert.ThrowsExactly<ArgumentException>(() => trainer.Fit(Words(ml, "b a"), null, first.Model));

        Assert.Contains("the label's classes (KeyValues)", fault.Message);
    }

    [TestMethod]
    public void MemoryOfADncMayGrow()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = new TraversalTask().ToDataView(ml, 8);
        var options = new DncTrainer.Options
        {
            ControllerSize = 4,
            MemorySlots = 5,
            MemoryWidth = 3,
            BatchSize = 2,
            NumberOfIterations = 1,
            Seed = 1,
        };
        using SequenceTransformer first = ml.Sequence.Trainers.Dnc(options).Fit(data);
        options.MemorySlots = 7;
        options.LearningRate = Nothing;

        using SequenceTransformer next = ml.Sequence.Trainers.Dnc(options).Fit(data, null, first.Model);

        Assert.AreEqual(7, next.Model.Network.MemorySlots);
        CollectionAssert.AreEqual(first.Model.Parameters.Values, next.Model.Parameters.Values);
    }

    [TestMethod]
    public void CheckpointOfAnotherStartIsNotTaken()
    {
        var ml = new MLContext(seed: 1);
        using SequenceTransformer first = ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(SmallNtm.Data(ml));
        NtmTrainer.Options options = SmallNtm.Options();
        options.CheckpointFolder = Directory.CreateTempSubdirectory().FullName;
        ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(ml)).Dispose();

        using SequenceTransformer beside = ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(ml), null, first.Model);

        using SequenceTransformer expected = ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(SmallNtm.Data(ml), null, first.Model);
        CollectionAssert.AreEqual(expected.Model.Parameters.Values, beside.Model.Parameters.Values);
        Assert.HasCount(2, Directory.GetDirectories(options.CheckpointFolder));
        Directory.Delete(options.CheckpointFolder, recursive: true);
    }

    // One sequence that repeats its words; keys are numbered in the order of appearance.
    private static IDataView Words(MLContext ml, string words)
    {
        IDataView data = ml.Data.LoadFromEnumerable([new Text { Words = words.Split(' ') }]);
        return ml.Transforms.Conversion.MapValueToKey([new InputOutputColumnPair("Features", "Words"),
            new InputOutputColumnPair("Label", "Words")]).Fit(data).Transform(data);
    }

    private sealed class Text
    {
        public string[] Words { get; set; } = [];
        public float Number { get; set; }
    }
}
