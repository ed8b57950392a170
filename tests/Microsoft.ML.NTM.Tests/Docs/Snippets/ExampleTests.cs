using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Docs.Snippets;

/// <summary>The examples of the reference: what IntelliSense shows beside the ways in. Those of guides stand with them.</summary>
[TestClass]
public sealed class ExampleTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void AnNtmIsTrained()
    {
        IDataView train = Parities(0, 40);

        NtmTrainer trainer = ml.Sequence.Trainers.Ntm(controllerSize: 16, memorySlots: 8, memoryWidth: 6, numberOfIterations: 100);
        SequenceTransformer model = trainer.Fit(train);

        Assert.AreEqual(100, model.Model.History!.Iterations);
    }

    [TestMethod]
    public void AnNtmToldEverythingIsTrained()
    {
        IDataView train = Parities(0, 40);

        SequenceTransformer model = ml.Sequence.Trainers.Ntm(new NtmTrainer.Options
        {
            MemorySlots = 16,
            BatchSize = 4,
            NumberOfIterations = 100,
            Progress = new ConsoleProgress(),
        }).Fit(train);

        Assert.AreEqual(100, model.Model.History!.Iterations);
    }

    [TestMethod]
    public void ADncIsTrained()
    {
        IDataView train = Parities(0, 40);

        DncTrainer trainer = ml.Sequence.Trainers.Dnc(controllerSize: 16, memorySlots: 8, memoryWidth: 6, numberOfIterations: 100);
        SequenceTransformer model = trainer.Fit(train);

        Assert.AreEqual(100, model.Model.History!.Iterations);
    }

    [TestMethod]
    public void ADncToldEverythingIsTrained()
    {
        IDataView train = Parities(0, 40);

        SequenceTransformer model = ml.Sequence.Trainers.Dnc(new DncTrainer.Options
        {
            MemorySlots = 16,
            NumberOfReadHeads = 2,
            NumberOfIterations = 100,
            Progress = new ConsoleProgress(),
        }).Fit(train);

        Assert.AreEqual(100, model.Model.History!.Iterations);
    }

    [TestMethod]
    public void AnLstmIsTrained()
    {
        IDataView train = Parities(0, 40);

        LstmTrainer trainer = ml.Sequence.Trainers.Lstm(controllerSize: 32, learningRate: 2e-3, numberOfIterations: 100);
        SequenceTransformer model = trainer.Fit(train);

        Assert.AreEqual(100, model.Model.History!.Iterations);
    }

    [TestMethod]
    public void AnLstmToldEverythingIsTrained()
    {
        IDataView train = Parities(0, 40);

        SequenceTransformer model = ml.Sequence.Trainers.Lstm(new LstmTrainer.Options
        {
            ControllerSize = 32,
            ControllerLayers = 2,
            DropoutRate = 0.2,
            NumberOfIterations = 100,
            Progress = new ConsoleProgress(),
        }).Fit(train);

        Assert.AreEqual(100, model.Model.History!.Iterations);
    }

    [TestMethod]
    public void TablesArePacked()
    {
        IDataView table = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i =>
            new Reading { Run = i / 20, Temperature = i, Vibration = i % 5, Failed = i < 20 }));

        IDataView sequences = ml.Sequence.Transforms
            .Pack(["Temperature", "Vibration"], "Failed", sequenceColumnName: "Run", labelPlacement: LabelPlacement.Last)
            .Fit(table).Transform(table);
        IDataView windows = ml.Sequence.Transforms.Pack(new PackOptions
        {
            Features = [new PackColumn("Features", ["Temperature", "Vibration"])],
            Label = new PackColumn("Label", ["Temperature"]),
            LabelPlacement = LabelPlacement.Following,
            SequenceColumnName = "Run",
            Window = 8,
            Horizon = 3,
        }).Fit(table).Transform(table);

        Assert.HasCount(3, sequences.GetColumn<bool>("Label"));
        Assert.HasCount(3 * 13, windows.GetColumn<float[]>("Label"));
    }

    [TestMethod]
    public void OptionsAreSearchedWithTheDefaults()
    {
        IDataView train = Parities(0, 30), validation = Parities(30, 12), test = Parities(42, 12);

        SweepResult<LstmTrainer.Options> sweep =
            ml.Sequence.Sweep(train, validation, new LstmTrainer.Options { ControllerSize = 8, NumberOfIterations = 60 });
        IDataView scored = sweep.Model.Transform(test);

        Assert.HasCount(12, scored.GetColumn<float[]>("Score"));
    }

    [TestMethod]
    public void PipelinesAreSearched()
    {
        IDataView train = Parities(0, 240), validation = Parities(240, 20);

        SweepResult found = ml.Sequence.Sweep(train, validation,
            trial => ml.Sequence.Trainers.Lstm(trial.Apply(new LstmTrainer.Options { ControllerSize = 8, NumberOfIterations = 60 })),
            new SweepOptions
            {
                NumberOfTrials = 3,
                Space = SweepSpace.Of<LstmTrainer.Options>().Without("Optimizer"),
                Metric = SweepMetric.OfSequences("Accuracy", higherIsBetter: true, metrics => metrics.ElementAccuracy),
            });

        Assert.HasCount(3, found.Trials);
    }

    private IDataView Parities(int first, int count) => ml.Data.LoadFromEnumerable(Enumerable.Range(first, count).Select(Parity).ToList());

    private static Row Parity(int seed)
    {
        var random = new Random(seed);
        float[] bits = [.. Enumerable.Range(0, 3 + seed % 4).Select(_ => (float)random.Next(2))];
        return new Row { Features = bits, Label = [.. bits.Select((_, i) => bits[..(i + 1)].Sum() % 2 == 1)] };
    }

    private sealed class Row
    {
        [VectorType(0, 1)] public float[] Features { get; set; } = [];
        [VectorType(0, 1)] public bool[] Label { get; set; } = [];
    }

    private sealed class Reading
    {
        public float Run { get; set; }
        public float Temperature { get; set; }
        public float Vibration { get; set; }
        public bool Failed { get; set; }
    }
}
