using System.Globalization;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Trainers;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>The user's culture shows neither in messages nor in files: they are those of the invariant culture, to the byte.</summary>
[TestClass]
public sealed class CultureTests
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    [TestCleanup]
    public void PutBack()
    {
        CultureInfo.CurrentCulture = _before;
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    [DataRow("tr-TR")]
    [DataRow("de-DE")]
    [DataRow("ar-SA")]
    [DataRow("sv-SE")]
    [DataRow("fa-IR")]
    public void MessagesAndFilesAreTheSameInEveryCulture(string culture)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        string[] expectedMessages = Messages();
        (string Name, string Content)[] expectedFiles = Files("invariant");
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        CollectionAssert.AreEqual(expectedMessages, Messages());
        (string Name, string Content)[] files = Files(culture);
        CollectionAssert.AreEqual(expectedFiles.Select(file => file.Name).ToArray(), files.Select(file => file.Name).ToArray());
        for (int i = 0; i < files.Length; i++)
            Assert.AreEqual(expectedFiles[i].Content, files[i].Content, files[i].Name);
    }

    private static string[] Messages()
    {
        var ml = new MLContext(1);
        LstmTrainer.Options options = new()
        {
            LearningRate = -1.5,
            BatchSize = -3,
            NumberOfIterations = -7,
            GradientClipValue = -0.5,
            ReportInterval = -1,
            TimeBudget = TimeSpan.FromDays(-1.25),
        };
        return
        [
            Message(() => OptionFaults.ThrowIfAny(options)),
            Message(() => new NetworkSpec { ControllerClip = -1.5f, MemorySlots = -3 }.ThrowIfFaulty()),
            Message(() => ml.Sequence.Trainers.Lstm(new() { NumberOfIterations = 1 }).Fit(Rows(ml, [1, float.NegativeInfinity]))),
            Message(() => ml.Sequence.Trainers.Lstm(new() { NumberOfIterations = 1, Loss = SequenceLoss.BinaryCrossEntropy }).Fit(Rows(ml,
                [1], -1.5f))),
        ];
    }

    // Files by name, but for what tells the time.
    private (string Name, string Content)[] Files(string folder)
    {
        folder = Path.Combine(_folder, folder);
        Directory.CreateDirectory(folder);
        var ml = new MLContext(1);
        IDataView data = SampleData.Create(ml, "numbers", "vector of keys");
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(new()
        {
            ControllerSize = 3,
            MemorySlots = 4,
            MemoryWidth = 2,
            NumberOfIterations = 4,
            ReportInterval = 1,
            NumberOfThreads = 1,
            Seed = -5,
            CheckpointFolder = Path.Combine(folder, "checkpoints"),
            CheckpointInterval = 2,
            LearningRate = 0.00123,
        }).Fit(data);
        model.ExportSafetensors(Path.Combine(folder, "weights.safetensors"));
        foreach ((string name, byte[] content) in SequenceModelFile.Parts(model.Model))
            File.WriteAllBytes(Path.Combine(folder, name), content);
        return [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => (Path.GetRelativePath(folder, file), Content(file)))];
    }

    private static string Content(string file)
    {
        if (file.Contains("checkpoint-", StringComparison.Ordinal))
            return Timeless(file);
        byte[] bytes = File.ReadAllBytes(file);
        // The history has speeds and times.
        return Path.GetFileName(file) == "history.json" ? $"{bytes.All(letter => letter < 128)}" : Convert.ToHexString(bytes);
    }

    // A checkpoint's texts whose numbers do not depend on the clock.
    private static string Timeless(string file)
    {
        using FileStream stream = File.OpenRead(file);
        var texts = NTM.Model.Safetensors.SafetensorsHeader.Read(stream).Metadata.OrderBy(text => text.Key, StringComparer.Ordinal);
        var all = new StringBuilder();
        foreach ((string name, string text) in texts)
        {
            if (name is "checksum")
                continue;
            bool isTime = name is "reports" || name.EndsWith("seconds", StringComparison.Ordinal);
            all.AppendLine(CultureInfo.InvariantCulture, $"{name}: {(isTime ? text.All(char.IsAscii) : text)}");
        }
        return all.ToString();
    }

    private static IDataView Rows(MLContext ml, float[] features, float label = 1) =>
        ml.Data.LoadFromEnumerable([new Row { Features = features, Label = label }]);

    private static string Message(Action action) => Assert.Throws<Exception>(action).GetBaseException().Message;

    private sealed class Row
    {
        [VectorType(0, 1)]
        public float[] Features { get; set; } = [];
        public float Label { get; set; }
    }
}
