using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tests.Trainers;

namespace Microsoft.ML.NTM.Tests.Transformers;

[TestClass]
public sealed class ColumnPruningTests
{
    [TestMethod]
    public void NetworkDoesNotRunWhereNoAnswerIsAskedFor()
    {
        var ml = new MLContext(seed: 1);
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options(iterations: 1)).Fit(SmallNtm.Data(ml, rows: 5));
        TaskSequence unreadable = new CopyTask(1, 3, bits: 2).Row(0);
        unreadable.Features[0] = float.NaN;
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable([unreadable], SmallNtm.Data(ml, rows: 1).Schema));

        Assert.AreEqual(1, scored.GetColumn<float[]>("Label").Count());
        Action[] reads = [() => scored.GetColumn<float[]>("Score").Count(), () => scored.GetColumn<bool[]>("PredictedLabel").Count()];
        foreach (Action read in reads)
            StringAssert.Contains(Assert.Throws<InvalidOperationException>(read).GetBaseException().Message, "finite numbers");
    }

    [TestMethod]
    public void OnlyTheColumnsThatAnAnswerNeedsAreRead()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SmallNtm.Data(ml, rows: 5);
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options(iterations: 1)).Fit(data);
        var watched = new RecordingView(data);
        IDataView scored = model.Transform(watched);

        Assert.AreEqual(5, scored.GetColumn<float[]>("Score").Count());
        CollectionAssert.AreEquivalent(new[] { "Features", "OutputLength" }, watched.Asked);

        Assert.AreEqual(5, scored.GetColumn<float[]>("Label").Count());
        CollectionAssert.AreEquivalent(new[] { "Label" }, watched.Asked);
    }

    [TestMethod]
    public void PredictionEnginesOfSeveralThreadsShareOneModel()
    {
        var ml = new MLContext(seed: 1);
        TaskSequence[] rows = [.. new CopyTask(1, 3, bits: 2).Rows(24)];
        IDataView data = SmallNtm.Data(ml, rows: 24);
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options(iterations: 2)).Fit(data);
        float[][] expected = [.. model.Transform(data).GetColumn<float[]>("Score")];
        float[][][] answers = new float[4][][];

        Thread[] threads = [.. Enumerable.Range(0, answers.Length).Select(t => new Thread(() =>
        {
            using PredictionEngine<TaskSequence, Answer> engine = ml.Model.CreatePredictionEngine<TaskSequence, Answer>(model);
            answers[t] = [.. rows.Select(row => engine.Predict(row).Score)];
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        foreach (float[][] answer in answers)
        {
            for (int i = 0; i < rows.Length; i++)
                CollectionAssert.AreEqual(expected[i], answer[i]);
        }
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
