using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>
/// Many threads that load, score, trace, step and dispose of models at random: answers stay right, and memory, handles and threads flat.
/// The
/// environment variable NTM_SOAK_SECONDS sets how long (default 10).
/// </summary>
[TestClass]
public sealed class SoakTests
{
    private const int Threads = 16;

    private static readonly double s_seconds =
        double.Parse(Environment.GetEnvironmentVariable("NTM_SOAK_SECONDS") ?? "10", CultureInfo.InvariantCulture);

    private static readonly Row[] s_rows = [.. Enumerable.Range(1, 12).Select(steps => new Row
    {
        Features = [.. Enumerable.Range(0, steps).Select(i => MathF.Sin(steps + i))], Label = steps % 2,
    })];

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void ModelsUsedByManyThreadsStayRightAndFlat()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(s_rows);
        Subject[] subjects = [.. Models(ml, data).Select(model => new Subject(ml, model, data))];
        Run(subjects, Math.Min(1, s_seconds / 4), 0);
        Usage before = Usage.Now();
        long calls = Run(subjects, s_seconds, 1);
        Usage after = Usage.Now();
        TestContext.WriteLine($"{calls} calls; before {before}, after {after}");
        Assert.IsGreaterThan(100, calls);
        Assert.IsLessThan(before.Bytes + (16 << 20), after.Bytes);
        Assert.IsLessThan(before.Handles + 40, after.Handles);
        Assert.IsLessThan(before.Threads + 12, after.Threads);
    }

    private static long Run(Subject[] subjects, double seconds, int seed)
    {
        long start = Stopwatch.GetTimestamp(), calls = 0;
        Exception? fault = null;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            var random = new Random(1000 * seed + thread);
            try
            {
                while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds && Volatile.Read(ref fault) is null)
                {
                    subjects[random.Next(subjects.Length)].Use(random);
                    Interlocked.Increment(ref calls);
                }
            }
            catch (Exception thrown)
            {
                Volatile.Write(ref fault, thrown);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        return fault is null ? calls : throw new AssertFailedException($"{fault}");
    }

    private static IEnumerable<SequenceTransformer> Models(MLContext ml, IDataView data)
    {
        yield return ml.Sequence.Trainers.Ntm(new()
        {
            NumberOfIterations = 2,
            MemorySlots = 8,
            MemoryWidth = 4,
            ControllerSize = 8
        }).Fit(data);
        yield return ml.Sequence.Trainers.Dnc(new()
        {
            NumberOfIterations = 2,
            MemorySlots = 8,
            MemoryWidth = 4,
            ControllerSize = 8
        }).Fit(data);
        yield return ml.Sequence.Trainers.Lstm(new() { NumberOfIterations = 2, ControllerSize = 8 }).Fit(data);
    }

    /// <summary>A model that all threads share, its file, and what it answers.</summary>
    private sealed class Subject
    {
        private readonly SequenceTransformer _model;
        private readonly byte[] _file;
        private readonly float[] _scores;
        private readonly float[] _steps;

        public Subject(MLContext ml, SequenceTransformer model, IDataView data)
        {
            _model = model;
            var file = new MemoryStream();
            ml.Model.Save(model, data.Schema, file);
            _file = file.ToArray();
            _scores = [.. model.Transform(data).GetColumn<float>("Score")];
            _steps = Steps(ml, model);
        }

        public void Use(Random random)
        {
            var ml = new MLContext(1);
            int call = random.Next(7);
            ITransformer model = call < 4 ? _model : ml.Model.Load(new MemoryStream(_file), out _);
            IDataView data = ml.Data.LoadFromEnumerable(s_rows);
            switch (random.Next(5))
            {
                case 0:
                    CollectionAssert.AreEqual(_scores, model.Transform(data).GetColumn<float>("Score").ToArray());
                    break;
                case 1:
                    using (PredictionEngine<Row, Answer> engine = ml.Model.CreatePredictionEngine<Row, Answer>(model))
                        CollectionAssert.AreEqual(_scores, s_rows.Select(row => engine.Predict(row).Score).ToArray());
                    break;
                case 2:
                    CollectionAssert.AreEqual(_steps, Steps(ml, model));
                    break;
                case 3:
                    Assert.AreEqual(s_rows.Length, ml.Sequence.Trace(model, data).Count());
                    break;
                default:
                    (model as IDisposable)?.Dispose();
                    break;
            }
            if (!ReferenceEquals(model, _model) && random.Next(2) == 0)
                (model as IDisposable)?.Dispose();
        }

        private static float[] Steps(MLContext ml, ITransformer model)
        {
            SequenceStepEngine<Row, Answer> engine = ml.Sequence.CreateStepEngine<Row, Answer>(model);
            engine.Step(new Row { Features = [0.5f] });
            SequenceStepEngine<Row, Answer> clone = engine.Clone();
            clone.LoadState(engine.SaveState());
            return [engine.Step(new Row { Features = [-1] }).Score, clone.Step(new Row { Features = [-1] }).Score];
        }
    }

    /// <summary>What the process uses once it has been cleaned up.</summary>
    private sealed record Usage(long Bytes, int Handles, int Threads)
    {
        public static Usage Now()
        {
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            using var process = Process.GetCurrentProcess();
            int handles = Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : process.HandleCount;
            return new Usage(GC.GetTotalMemory(forceFullCollection: true), handles, process.Threads.Count);
        }
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
