using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>A row too long for the memory there is gives one error, wherever it is met, that names it and says what helps.</summary>
[TestClass]
public sealed class MemoryLimitTests
{
    private const int LongRow = 3, LongSteps = 30_000;

    private static readonly Row[] s_rows = [.. Enumerable.Range(0, 6).Select(i => new Row
    {
        Features = [.. Enumerable.Range(0, i == LongRow ? LongSteps : 20).Select(step => MathF.Sin(step))],
        Label = i,
    })];

    private readonly MLContext _ml = new(1);

    public static IEnumerable<object[]> Cases =>
        from kind in Enum.GetValues<NetworkKind>()
        from backend in new[] { SequenceBackend.Managed, SequenceBackend.Torch }
        select new object[] { kind, backend };

    [TestCleanup]
    public void NoLimit() => AppContext.SetData(MemoryLimit.Setting, null);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void ARowTooLongToTrainIsNamedWithItsCureAndTheCureCures(NetworkKind kind, SequenceBackend backend)
    {
        AppContext.SetData(MemoryLimit.Setting, 3L << 20);
        SequenceTrainerOptions options = Options(kind, backend);

        string message = Assert.Throws<InvalidOperationException>(() => Fit(options, s_rows)).GetBaseException().Message;

        StringAssert.Contains(message, $"Column 'Features', row {LongRow} (counted from 0): expected batches that train within 3 MiB");
        StringAssert.Contains(message, $"{LongSteps} steps");
        StringAssert.Contains(message, "TruncationSteps");
        options.MaximumInputSteps = 100;
        using SequenceTransformer without = Fit(options, s_rows);
        if (backend == SequenceBackend.Torch)
            return;
        (options.MaximumInputSteps, options.TruncationSteps) = (null, 50);
        using SequenceTransformer truncated = Fit(options, s_rows);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void ARowTooLongToScoreIsNamedAndTheOthersAreScored(NetworkKind kind, SequenceBackend backend)
    {
        using SequenceTransformer trained = Fit(Options(kind, backend), [s_rows[0]]);
        float expected = Predict(trained, s_rows[0]);
        AppContext.SetData(MemoryLimit.Setting, 350_000L);
        using var model = new SequenceTransformer(_ml, trained.Model, backend);

        using DataViewRowCursor cursor = model.Transform(_ml.Data.LoadFromEnumerable(s_rows)).GetRowCursor(model.GetOutputSchema(
            _ml.Data.LoadFromEnumerable(s_rows).Schema).Where(column => column.Name == "Score"));
        ValueGetter<float> getter = cursor.GetGetter<float>(cursor.Schema["Score"]);
        float score = 0;
        for (int i = 0; cursor.MoveNext(); i++)
        {
            if (i == LongRow)
                AssertNamed(Assert.Throws<InvalidOperationException>(() => getter(ref score)), LongRow, "scored", "CreateStepEngine");
            else
            {
                getter(ref score);
                Assert.AreEqual(expected, score, 1e-5);
            }
        }
        AssertNamed(Assert.Throws<InvalidOperationException>(() => Predict(model, s_rows[LongRow])), 0, "scored", "CreateStepEngine");
        Assert.AreEqual(expected, Predict(model, s_rows[0]), 1e-5);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void ATraceTooLongIsRefusedBeforeItIsMade(NetworkKind kind, SequenceBackend backend)
    {
        using SequenceTransformer model = Fit(Options(kind, backend), [s_rows[0]]);
        IDataView rows = _ml.Data.LoadFromEnumerable(s_rows);
        long all = _ml.Sequence.Trace(model, rows).ElementAt(LongRow).Series.Count;
        Assert.IsGreaterThan(0, all);
        AppContext.SetData(MemoryLimit.Setting, 200_000L);

        using IEnumerator<SequenceTrace> traces = _ml.Sequence.Trace(model, rows).GetEnumerator();
        for (int i = 0; i < LongRow; i++)
            Assert.IsTrue(traces.MoveNext());
        AssertNamed(Assert.Throws<InvalidOperationException>(() => traces.MoveNext()), LongRow, "traced", "Trace its parts");
    }

    [TestMethod]
    public void AValidationRowTooLongIsNamedAndWhatWasLearnedIsKept()
    {
        AppContext.SetData(MemoryLimit.Setting, 200_000L);
        LstmTrainer.Options options = new()
        {
            NumberOfIterations = 20,
            ValidationInterval = 5,
            ControllerSize = 3,
            BatchSize = 2,
            Seed = 1,
        };

        TrainingInterruptedException error = Assert.ThrowsExactly<TrainingInterruptedException>(() => _ml.Sequence.Trainers.Lstm(options)
            .Fit(_ml.Data.LoadFromEnumerable(s_rows[..3]), _ml.Data.LoadFromEnumerable(s_rows)));

        AssertNamed(error, LongRow, "scored", "CreateStepEngine");
        Assert.AreEqual(5, error.Model.Model.History!.Iterations);
    }

    [TestMethod]
    public void RowsThatFitOneByOneButNotTogetherAreScoredInSmallerBatches()
    {
        using SequenceTransformer trained = Fit(Options(NetworkKind.Dnc, SequenceBackend.Managed), [s_rows[0]]);
        IDataView rows = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(1, 60).Select(i => new Row { Features = [.. Enumerable.Repeat(0.5f, 5 * i)] }));
        float[] expected = [.. trained.Transform(rows).GetColumn<float>("Score")];
        AppContext.SetData(MemoryLimit.Setting, 600_000L);
        using var model = new SequenceTransformer(_ml, trained.Model, SequenceBackend.Managed);

        CollectionAssert.AreEqual(expected, model.Transform(rows).GetColumn<float>("Score").ToArray());
    }

    [TestMethod]
    [DataRow(typeof(OutOfMemoryException), "Insufficient memory")]
    [DataRow(typeof(ExternalException), "CUDA out of memory. Tried to allocate 2 GiB")]
    [DataRow(typeof(ExternalException), "DefaultCPUAllocator: can't allocate memory: you tried to allocate 99 bytes")]
    public void MemoryThatRanOutNamesTheRow(Type type, string message)
    {
        NetworkSpec network = new() { Kind = NetworkKind.Lstm, InputSize = 1, OutputSize = 1 };
        var format = new SequenceFormat
        {
            Spec = new SequenceSpec { FeatureSize = 1 },
            Features = [new FeatureFormat("Readings", 1)],
            Label = new LabelFormat("Label", LabelKind.Number, true),
            OutputSize = 1,
        };
        SequenceBatch batch = RandomBatches.Batch(network, format.Spec, [70, 3], seed: 1);
        batch.RowIds[0] = 5;
        using var engine = new LimitedEngine(new Exhausted((Exception)Activator.CreateInstance(type, message)!),
            new MemoryLimit(new TorchMemoryNeed(network), format, long.MaxValue));

        Action[] calls = [() => engine.LossAndGradient(batch, []), () => engine.Loss(batch), () => engine.Score(batch, [])];
        foreach (Action call in calls)
        {
            InvalidOperationException error = Assert.ThrowsExactly<InvalidOperationException>(call);
            StringAssert.Contains(error.Message, "Column 'Readings', row 5");
            StringAssert.Contains(error.Message, "70 steps, which in a batch of 2 used it up");
            Assert.AreEqual(message, error.InnerException!.Message);
        }
    }

    private static void AssertNamed(Exception error, int row, string what, string cure)
    {
        string message = error.GetBaseException().Message;
        StringAssert.Contains(message, $"Column 'Features', row {row} (counted from 0)");
        StringAssert.Contains(message, $"that are {what} within 0 MiB of memory, got {LongSteps} steps");
        StringAssert.Contains(message, cure);
    }

    private static SequenceTrainerOptions Options(NetworkKind kind, SequenceBackend backend)
    {
        SequenceTrainerOptions options = kind switch
        {
            NetworkKind.Ntm => new NtmTrainer.Options { ControllerSize = 3, MemorySlots = 8, MemoryWidth = 2 },
            NetworkKind.Dnc => new DncTrainer.Options { ControllerSize = 3, MemorySlots = 8, MemoryWidth = 2, NumberOfReadHeads = 1 },
            _ => new LstmTrainer.Options { ControllerSize = 3 },
        };
        (options.NumberOfIterations, options.BatchSize, options.NumberOfThreads, options.Backend, options.Seed) = (2, 6, 1, backend, 1);
        options.ValidationSetFraction = 0;
        return options;
    }

    private SequenceTransformer Fit(SequenceTrainerOptions options, Row[] rows)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        return options switch
        {
            NtmTrainer.Options ntm => _ml.Sequence.Trainers.Ntm(ntm).Fit(data),
            DncTrainer.Options dnc => _ml.Sequence.Trainers.Dnc(dnc).Fit(data),
            _ => _ml.Sequence.Trainers.Lstm((LstmTrainer.Options)options).Fit(data),
        };
    }

    private float Predict(SequenceTransformer model, Row row)
    {
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        using PredictionEngine<Row, Answer> engine = _ml.Model.CreatePredictionEngine<Row, Answer>(model, options);
        return engine.Predict(row).Score;
    }

    private sealed class Exhausted(Exception fault) : IEngine
    {
        public Action? CheckAlive { get; set; }

        public void Load(ReadOnlySpan<float> parameters)
        {
        }

        public double LossAndGradient(SequenceBatch batch, Span<float> gradient) => throw fault;

        public double Loss(SequenceBatch batch) => throw fault;

        public void Score(SequenceBatch batch, Span<float> logits) => throw fault;

        public void Dispose()
        {
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
