using System.Diagnostics;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>Scoring a table on the Torch engine: cursors that read ahead, next to a prediction engine that takes row by row.</summary>
internal static class LookAheadSpeed
{
    private const int Rows = 512, FewRows = 32;

    public static void Run()
    {
        var ml = new MLContext(1);
        var task = new CopyTask(1, 20);
        IDataView data = task.ToDataView(ml, Rows);
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(new NtmTrainer.Options
        {
            Alignment = SequenceAlignment.AfterInput,
            Loss = SequenceLoss.BinaryCrossEntropy,
            OutputLengthColumnName = "OutputLength",
            NumberOfIterations = 1,
            Backend = SequenceBackend.Torch,
        }).Fit(data);
        using PredictionEngine<TaskSequence, Answer> engine =
            ml.Model.CreatePredictionEngine<TaskSequence, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        double one = Time(() => task.Rows(FewRows).Sum(row => engine.Predict(row).Score.Length)) / FewRows;
        double ahead = Time(() => ml.Data.CreateEnumerable<Answer>(model.Transform(data), true, ignoreMissingColumns: true)
            .Sum(row => row.Score.Length)) / Rows;
        Console.WriteLine(
            $"Torch engine, copy sequences of 1 to 20: {one:F2} ms per row one by one, {ahead:F2} ms read ahead: {one / ahead:F1}x");
    }

    // The second of two runs.
    private static double Time(Func<int> work)
    {
        work();
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
