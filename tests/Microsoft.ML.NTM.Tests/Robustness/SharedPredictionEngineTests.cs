using System.Collections.Concurrent;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>One engine used by several threads, which is not allowed: nobody hangs, nobody is harmed, and it is said.</summary>
[TestClass]
public sealed class SharedPredictionEngineTests
{
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(1);

    private static readonly Row[] s_rows =
        [.. Enumerable.Range(0, 50).Select(i => new Row { Features = [.. Enumerable.Repeat(i / 50f, 30)], Label = i })];

    public static IEnumerable<object[]> Kinds => Enum.GetValues<NetworkKind>().Select(kind => new object[] { kind });

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void APredictionEngineSharedByThreadsSaysSoAndServesOneThreadAfterwards(NetworkKind kind)
    {
        var ml = new MLContext(1);
        SequenceTransformer model = Fit(ml, kind);
        float[] expected = Scores(ml, model);
        using PredictionEngine<Row, Answer> engine = ml.Model.CreatePredictionEngine<Row, Answer>(model);

        ConcurrentBag<Exception> faults = Together(threads: 4, _ => (Row row) => engine.Predict(row));

        Assert.IsNotEmpty(faults);
        foreach (Exception fault in faults)
        {
            Assert.IsInstanceOfType<InvalidOperationException>(fault, $"{fault}");
            StringAssert.Contains(fault.GetBaseException().Message, "one thread at a time");
        }
        CollectionAssert.AreEqual(expected, s_rows.Select(row => engine.Predict(row).Score).ToArray());
    }

    [TestMethod]
    public void AStepEngineSharedByThreadsSaysSoAndServesOneThreadAfterwards()
    {
        var ml = new MLContext(1);
        SequenceStepEngine<Row, Answer> engine = ml.Sequence.CreateStepEngine<Row, Answer>(Fit(ml, NetworkKind.Ntm));
        var step = new Row { Features = [0.5f] };
        float[] expected = [engine.Step(step).Score, engine.Step(step).Score];

        ConcurrentBag<Exception> faults = Together(threads: 4, _ => (Row _) => engine.Step(step));

        Assert.IsNotEmpty(faults);
        foreach (Exception fault in faults)
            StringAssert.Contains(fault.Message, "one thread at a time", $"{fault}");
        engine.Reset();
        CollectionAssert.AreEqual(expected, new[] { engine.Step(step).Score, engine.Step(step).Score });
    }

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void EnginesOfOneModelServeAThreadEach(NetworkKind kind)
    {
        var ml = new MLContext(1);
        SequenceTransformer model = Fit(ml, kind);
        float[] expected = Scores(ml, model);

        ConcurrentBag<Exception> faults = Together(threads: 4, _ =>
        {
            PredictionEngine<Row, Answer> engine = ml.Model.CreatePredictionEngine<Row, Answer>(model);
            return row => Assert.AreEqual(expected[(int)row.Label], engine.Predict(row).Score);
        });

        Assert.IsEmpty(faults, string.Join('\n', faults));
    }

    [TestMethod]
    public void AnEngineThatIsDisposedTwiceGoesBackOnce()
    {
        var ml = new MLContext(1);
        SequenceTransformer model = Fit(ml, NetworkKind.Dnc);
        float[] expected = Scores(ml, model);
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        PredictionEngine<Row, Answer> first = ml.Model.CreatePredictionEngine<Row, Answer>(model, options);
        first.Predict(s_rows[0]);
        first.Dispose();
        first.Dispose();

        ConcurrentBag<Exception> faults = Together(threads: 2, _ =>
        {
            PredictionEngine<Row, Answer> engine = ml.Model.CreatePredictionEngine<Row, Answer>(model, options);
            return row => Assert.AreEqual(expected[(int)row.Label], engine.Predict(row).Score);
        });

        Assert.IsEmpty(faults, string.Join('\n', faults));
    }

    // What every thread's calls threw.
    private static ConcurrentBag<Exception> Together(int threads, Func<int, Action<Row>> use)
    {
        var faults = new ConcurrentBag<Exception>();
        using var start = new Barrier(threads);
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            Action<Row> call = use(thread);
            start.SignalAndWait();
            for (int i = 0; i < 40 * s_rows.Length; i++)
            {
                try
                {
                    call(s_rows[i % s_rows.Length]);
                }
                catch (Exception fault)
                {
                    faults.Add(fault);
                }
            }
        }) { IsBackground = true })];
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            Assert.IsTrue(worker.Join(s_hang), "A thread hangs.");
        return faults;
    }

    private static float[] Scores(MLContext ml, SequenceTransformer model) =>
        [.. model.Transform(ml.Data.LoadFromEnumerable(s_rows)).GetColumn<float>("Score")];

    private static SequenceTransformer Fit(MLContext ml, NetworkKind kind)
    {
        IDataView data = ml.Data.LoadFromEnumerable(s_rows);
        return kind switch
        {
            NetworkKind.Ntm => ml.Sequence.Trainers.Ntm(new NtmTrainer.Options
            {
                NumberOfIterations = 2,
                MemorySlots = 16,
                MemoryWidth = 8,
                ControllerSize = 16,
            }).Fit(data),
            NetworkKind.Dnc => ml.Sequence.Trainers.Dnc(new DncTrainer.Options
            {
                NumberOfIterations = 2,
                MemorySlots = 16,
                MemoryWidth = 8,
                ControllerSize = 16,
            }).Fit(data),
            _ => ml.Sequence.Trainers.Lstm(new LstmTrainer.Options { NumberOfIterations = 2, ControllerSize = 16 }).Fit(data),
        };
    }

    private sealed class Row
    {
        [VectorType(0, 1)]
        public float[] Features { get; set; } = [];
        public float Label { get; set; }
    }

    private sealed class Answer
    {
        public float Score { get; set; }
    }
}
