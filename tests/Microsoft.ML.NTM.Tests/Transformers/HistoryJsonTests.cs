using System.Text;
using System.Text.Json;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Tests.Trainers;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM.Tests.Transformers;

[TestClass]
public sealed class HistoryJsonTests
{
    [TestMethod]
    public void TheHistoryOfATrainingComesBackWithItsModel()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SmallNtm.Data(ml);
        NtmTrainer.Options options = SmallNtm.Options(iterations: 9);
        (options.ReportInterval, options.ValidationInterval) = (2, 3);
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(options).Fit(data, SmallNtm.Data(ml, seed: 8));

        var loaded = (SequenceTransformer)EstimatorConformance.Reload(ml, model, data.Schema);

        AssertSame(model.Model.History!, loaded.Model.History!);
        using SequenceTransformer trainedOn = ml.Sequence.Trainers.Ntm(options).Fit(data, null, loaded.Model);
        Assert.AreEqual(9, trainedOn.Model.History!.Iterations);
        var again = (SequenceTransformer)EstimatorConformance.Reload(ml, loaded, data.Schema);
        AssertSame(model.Model.History!, again.Model.History!);
    }

    [TestMethod]
    public void LossesThatAreNoNumbersAndManyReportsAreKept()
    {
        TrainingHistory few = History(3), many = History(25_000);

        AssertSame(few, HistoryJson.Read(HistoryJson.Write(few)));
        IReadOnlyList<TrainingProgress> kept = HistoryJson.Read(HistoryJson.Write(many)).Reports;
        Assert.HasCount(8_334, kept);
        Assert.AreEqual(many.Reports[^1], kept[^1]);
        for (int i = 1; i < kept.Count; i++)
            Assert.AreEqual(3, kept[i].Iteration - kept[i - 1].Iteration);
    }

    [TestMethod]
    [DataRow("\"Iterations\":3", "\"Iterations\":-1")]
    [DataRow("\"KeptIteration\":3", "\"KeptIteration\":4")]
    [DataRow("\"Rollbacks\":0", "\"Rollbacks\":-7")]
    [DataRow("\"Elapsed\":\"00:00:03\"", "\"Elapsed\":\"-00:00:03\"")]
    public void HistoriesThatCannotBeAreRefused(string sound, string edited)
    {
        string text = Encoding.UTF8.GetString(HistoryJson.Write(History(3)));
        StringAssert.Contains(text, sound);
        byte[] damaged = Encoding.UTF8.GetBytes(text.Replace(sound, edited));
        Data.Row.Fails<InvalidDataException>(() => HistoryJson.Read(damaged), "history of the training");
    }

    [TestMethod]
    public void TextsThatAreNoHistoriesAreRefused()
    {
        string text = Encoding.UTF8.GetString(HistoryJson.Write(History(1)));
        string[] others = ["null", "{}", "[]", text[..^4], text.Replace("Completed", "Finished"), text.Replace("\"Completed\"", "0"),
            text.Replace("Sequences", "Rows")];
        int reports = text.IndexOf('[') + 1;
        string nothing = $"{text[..reports]}null{text[text.IndexOf(']')..]}";
        foreach (string edited in others.Append(nothing))
            Assert.Throws<JsonException>(() => HistoryJson.Read(Encoding.UTF8.GetBytes(edited)), edited);
        string report = text[reports..text.IndexOf(']')];
        string many = text.Replace(report, string.Join(',', Enumerable.Repeat(report, HistoryJson.MaxReports + 1)));
        StringAssert.Contains(Assert.Throws<JsonException>(() => HistoryJson.Read(Encoding.UTF8.GetBytes(many))).Message, "10000 reports");
    }

    private static void AssertSame(TrainingHistory expected, TrainingHistory actual)
    {
        CollectionAssert.AreEqual(expected.Reports.ToArray(), actual.Reports.ToArray());
        Assert.AreEqual(expected with { Reports = [] }, actual with { Reports = [] });
    }

    private static TrainingHistory History(int reports) => new()
    {
        Reports = [.. Enumerable.Range(1, reports).Select(i => new TrainingProgress
        {
            Iteration = i,
            NumberOfIterations = reports,
            Sequences = 16L * i,
            Loss = i == 1 ? double.NaN : 1.0 / i,
            ValidationLoss = i == 2 ? double.PositiveInfinity : null,
            GradientNorm = Math.PI * i,
            LearningRate = 1e-4,
            SequencesPerSecond = 123.4,
            SkippedSteps = 1,
            Elapsed = TimeSpan.FromSeconds(i),
        })],
        StopReason = TrainingStopReason.Completed,
        Iterations = reports,
        KeptIteration = reports,
        ValidationLoss = null,
        SkippedSteps = 1,
        Rollbacks = 0,
        Elapsed = TimeSpan.FromSeconds(reports),
    };
}
