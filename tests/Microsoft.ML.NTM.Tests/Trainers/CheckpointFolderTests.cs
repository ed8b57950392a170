using System.Text.RegularExpressions;

namespace Microsoft.ML.NTM.Tests.Trainers;

/// <summary>One folder for all: a checkpoint is only ever gone on with by the training that wrote it.</summary>
[TestClass]
public sealed partial class CheckpointFolderTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly List<string> _log = [];

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void OtherDataIsTrainedOnAfresh()
    {
        float[] up = Fit(Day(1)), down = Fit(Day(-1));

        CollectionAssert.AreEqual(Fit(Day(1), options => options.CheckpointFolder = null), up);
        CollectionAssert.AreEqual(Fit(Day(-1), options => options.CheckpointFolder = null), down);
        Assert.Contains(line => line.Contains("starts afresh") && line.Contains("data"), _log);
    }

    [TestMethod]
    public void FoldsOfACrossValidationDoNotShareTheirModels()
    {
        var ml = new MLContext(1);
        var random = new Random(3);
        IDataView noise = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 45).Select(_ => new Row
        {
            Features = [.. Enumerable.Range(0, 6).Select(_ => random.NextSingle())],
            Label = random.NextSingle(),
        }).ToList());
        LstmTrainer.Options options = Options();
        var folds = ml.Regression.CrossValidate(noise, ml.Sequence.Trainers.Lstm(options), 3);

        Assert.HasCount(3, Directory.GetDirectories(_folder));
        Assert.IsTrue(folds.All(fold => fold.Metrics.RSquared < 0.3), "noise cannot be predicted");
    }

    [TestMethod]
    public void AnUnsetSeedComesFromTheCheckpointSoThatAnyContextGoesOn()
    {
        void Unset(LstmTrainer.Options options) => options.Seed = null;
        float[] first = Fit(Day(1), Unset), again = Fit(Day(1), Unset);

        CollectionAssert.AreEqual(first, again);
        Assert.HasCount(1, Directory.GetDirectories(_folder));
        Assert.Contains(line => line.Contains("goes on at iteration 30"), _log);
    }

    [TestMethod]
    public void MoreIterationsGoOnAndOtherOptionsDoNot()
    {
        float[] whole = Fit(Day(1), options => (options.CheckpointFolder, options.NumberOfIterations) = (null, 50));
        Fit(Day(1));

        CollectionAssert.AreEqual(whole, Fit(Day(1), options => options.NumberOfIterations = 50));
        Fit(Day(1), options => options.LearningRate = 0.02);
        Assert.Contains(line => line.Contains("starts afresh") && line.Contains("LearningRate (0.01 there, 0.02 here)"), _log);
        Assert.HasCount(2, Directory.GetDirectories(_folder));
    }

    [TestMethod]
    public void ATrainingWhoseRateWasHalvedOnAPlateauGoesOnWithThatRate()
    {
        static void Plateau(LstmTrainer.Options options, int iterations, LearningRateDecay decay = LearningRateDecay.Plateau) =>
            (options.LearningRateDecay, options.LearningRate, options.NumberOfIterations, options.ValidationInterval,
                options.ValidationSet) = (decay, 0.1, iterations, 2, new MLContext(1).Data.LoadFromEnumerable(Day(1)));
        float[] Whole(LearningRateDecay decay) => Fit(Day(1), options =>
        {
            Plateau(options, 50, decay);
            options.CheckpointFolder = null;
        });
        float[] whole = Whole(LearningRateDecay.Plateau);
        CollectionAssert.AreNotEqual(Whole(LearningRateDecay.None), whole, "the rate was halved");
        Fit(Day(1), options => Plateau(options, 30));

        CollectionAssert.AreEqual(whole, Fit(Day(1), options => Plateau(options, 50)));
        Assert.HasCount(1, Directory.GetDirectories(_folder));
    }

    [TestMethod]
    public void WithACosineTheEndDecidesTheRatesSoMoreIterationsAreAnotherTraining()
    {
        void Cosine(LstmTrainer.Options options) => options.LearningRateDecay = LearningRateDecay.Cosine;
        Fit(Day(1), Cosine);
        float[] whole = Fit(Day(1), options =>
        {
            Cosine(options);
            (options.CheckpointFolder, options.NumberOfIterations) = (null, 50);
        });

        CollectionAssert.AreEqual(whole, Fit(Day(1), options =>
        {
            Cosine(options);
            options.NumberOfIterations = 50;
        }));
    }

    [TestMethod]
    public void FoldersAreNamedAfterIdentityAndSeedAndSayWhatTheyHold()
    {
        Fit(Day(1));
        string place = Directory.GetDirectories(_folder).Single();
        Assert.IsTrue(FolderName().IsMatch(Path.GetFileName(place)), place);
        StringAssert.Contains(File.ReadAllText(Path.Combine(place, "identity.json")), "\"LearningRate\": \"0.01\"");
    }

    [GeneratedRegex("^[0-9a-f]{16}-seed7$")]
    private static partial Regex FolderName();

    private float[] Fit(IEnumerable<Row> rows, Action<LstmTrainer.Options>? change = null)
    {
        var ml = new MLContext();
        ml.Log += (_, line) => _log.Add(line.Message);
        LstmTrainer.Options options = Options();
        change?.Invoke(options);
        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(options).Fit(ml.Data.LoadFromEnumerable(rows));
        return model.Model.Parameters.Values.ToArray();
    }

    private LstmTrainer.Options Options() => new()
    {
        ControllerSize = 6,
        NumberOfIterations = 30,
        LearningRate = 0.01,
        Seed = 7,
        CheckpointFolder = _folder,
        NumberOfThreads = 1,
    };

    private static List<Row> Day(float sign) =>
        [.. Enumerable.Range(0, 50).Select(i => new Row { Features = [i / 50f], Label = sign * i / 50f })];

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
        public float Label { get; set; }
    }
}
