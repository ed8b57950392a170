using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Tests.Trainers;

namespace Microsoft.ML.NTM.Tests.Transformers;

[TestClass]
public sealed class SequenceTransformerTests
{
    [TestMethod]
    public void PredictionEngineGivesTheBitsOfTransform()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SmallNtm.Data(ml, rows: 10);
        SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(data);
        float[][] expected = [.. model.Transform(data).GetColumn<float[]>("Score")];

        using PredictionEngine<TaskSequence, Answer> engine = ml.Model.CreatePredictionEngine<TaskSequence, Answer>(model);
        float[][] actual = [.. new CopyTask(1, 3, bits: 2).Rows(10).Select(row => engine.Predict(row).Score)];

        for (int i = 0; i < expected.Length; i++)
            CollectionAssert.AreEqual(expected[i], actual[i]);
    }

    [TestMethod]
    public void SeveralThreadsScoreAtOnceWithTheSameBits()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SmallNtm.Data(ml, rows: 60);
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(data);
        List<string> expected = DataViewValues.Rows(model.Transform(data));

        List<string>[] all = new List<string>[6];
        Parallel.For(0, all.Length, i => all[i] = DataViewValues.Rows(model.Transform(data)));

        foreach (List<string> actual in all)
            CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void ScoringNeedsNoLabel()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SmallNtm.Data(ml, rows: 10);
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(data);

        IDataView unlabelled = ml.Transforms.DropColumns("Label").Fit(data).Transform(data);

        Assert.HasCount(10, DataViewValues.Rows(model.Transform(unlabelled)));
    }

    [TestMethod]
    public void PredictedLabelIsTheScoreAboveOneHalf()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SmallNtm.Data(ml, rows: 10);
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options(iterations: 30)).Fit(data);
        IDataView scored = model.Transform(data);

        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        bool[][] labels = [.. scored.GetColumn<bool[]>("PredictedLabel")];

        for (int i = 0; i < scores.Length; i++)
            CollectionAssert.AreEqual(scores[i].Select(score => score > 0.5f).ToArray(), labels[i]);
    }

    [TestMethod]
    public void DisposedTransformerScoresAgainWithNewEngines()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SmallNtm.Data(ml, rows: 4);
        SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(data);
        List<string> expected = DataViewValues.Rows(model.Transform(data));
        model.Dispose();

        CollectionAssert.AreEqual(expected, DataViewValues.Rows(model.Transform(data)));
        model.Dispose();
    }

    [TestMethod]
    [DataRow("weights.safetensors")]
    [DataRow("network.json")]
    [DataRow("sequence.json")]
    public void AlteredOrCutPartIsOneClearError(string part)
    {
        byte[] file = Save();
        Expect(Edit(file, part, content => content[..^1]), part);
        Expect(Edit(file, part, content =>
        {
            content[^3] ^= 1;
            return content;
        }), part);
        Expect(Edit(file, part, _ => null), part);
    }

    [TestMethod]
    public void CutFileNeverLoads()
    {
        byte[] file = Save();
        for (int length = 0; length < file.Length; length += 97)
        {
            var stream = new MemoryStream(file, 0, length);
            Exception fault = Assert.Throws<Exception>(() => new MLContext().Model.Load(stream, out _), $"{length} bytes");
            Assert.IsTrue(fault is FormatException or InvalidDataException or InvalidOperationException, fault.ToString());
        }
    }

    private static void Expect(byte[] file, string part)
    {
        Exception fault = Assert.Throws<Exception>(() => new MLContext().Model.Load(new MemoryStream(file), out _));
        Assert.IsInstanceOfType<InvalidDataException>(fault.GetBaseException(), fault.ToString());
        StringAssert.Contains(fault.GetBaseException().Message, part);
    }

    private static byte[] Save()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SmallNtm.Data(ml, rows: 4);
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options(iterations: 1)).Fit(data);
        var file = new MemoryStream();
        ml.Model.Save(model, data.Schema, file);
        return file.ToArray();
    }

    // The archive with one part changed, or left out where the change gives null.
    private static byte[] Edit(byte[] file, string part, Func<byte[], byte[]?> change)
    {
        var edited = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(file)))
        using (var to = new ZipArchive(edited, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in from.Entries)
            {
                var content = new MemoryStream();
                using (Stream stream = entry.Open())
                    stream.CopyTo(content);
                byte[]? bytes = entry.FullName.EndsWith(part, StringComparison.Ordinal) ? change(content.ToArray()) : content.ToArray();
                if (bytes is null)
                    continue;
                using Stream target = to.CreateEntry(entry.FullName).Open();
                target.Write(bytes);
            }
        }
        return edited.ToArray();
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
