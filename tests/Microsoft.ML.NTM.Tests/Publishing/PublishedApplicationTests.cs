using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Publishing;

/// <summary>The library inside an application as it is shipped: loads a model and scores it with the same bits, without libtorch.</summary>
[TestClass]
public sealed class PublishedApplicationTests
{
    private static readonly float[] Sequence = [0.5f, -1f, 0.25f, 1f, 0f, -0.5f];

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void AnApplicationInOneFileAndCompiledAheadScoresASavedModel()
    {
        string folder = Path.Combine(TestContext.TestRunDirectory!, "published");
        Directory.CreateDirectory(folder);
        string model = Path.Combine(folder, "model.zip");
        string expected = TrainAndScore(model);

        string project = Path.Combine(SourceTree.Root, "tests", "Microsoft.ML.NTM.Tests", "Publishing", "ScoringApp", "ScoringApp.csproj");
        // The library's own build has had its analyzers.
        Run("dotnet", "publish", project, "-c", "Release", "--no-self-contained", "--use-current-runtime", "-p:PublishSingleFile=true",
            "-p:PublishReadyToRun=true", "-o", Path.Combine(folder, "app"), "--artifacts-path", Path.Combine(folder, "artifacts"),
            "-p:RunAnalyzers=false", "-nodeReuse:false");
        string app = Path.Combine(folder, "app", OperatingSystem.IsWindows() ? "ScoringApp.exe" : "ScoringApp");

        Assert.AreEqual(expected, Run(app, model, string.Join(',', Sequence)).Trim());
        Assert.IsEmpty(Directory.GetFiles(Path.Combine(folder, "app"), "*torch_cpu*", SearchOption.AllDirectories),
            "A scoring application carries libtorch.");
    }

    private static string TrainAndScore(string path)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable([new Row { Features = Sequence, Label = [1f, 0f, float.NaN] }]);
        SequenceTransformer transformer = ml.Sequence.Trainers.Ntm(new NtmTrainer.Options
        {
            NumberOfIterations = 2,
            ControllerSize = 8,
            MemorySlots = 4,
            MemoryWidth = 3,
        }).Fit(data);
        ml.Model.Save(transformer, data.Schema, path);
        using PredictionEngine<Row, Answer> engine = ml.Model.CreatePredictionEngine<Row, Answer>(transformer);
        float[] scores = engine.Predict(new Row { Features = Sequence }).Score;
        return string.Join(' ', scores.Select(score => BitConverter.SingleToInt32Bits(score).ToString("X8")));
    }

    private static string Run(string program, params string[] arguments)
    {
        (int exitCode, string output) = ChildProcess.Run(program, arguments);
        Assert.AreEqual(0, exitCode, $"{program} {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    private sealed class Row
    {
        [VectorType(0, 2)]
        public float[] Features { get; set; } = [];

        [VectorType(0, 1)]
        public float[] Label { get; set; } = [];
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
