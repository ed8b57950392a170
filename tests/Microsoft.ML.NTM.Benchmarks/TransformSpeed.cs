using System.Diagnostics;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Managed;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>A table scored through ML.NET, next to its parts: rows read, batches scored, and a prediction engine's calls.</summary>
internal static class TransformSpeed
{
    private const int Rows = 8192, FewRows = 1024, Steps = 10, Numbers = 8, Batch = 64, Rounds = 5;

    public static void Run()
    {
        var ml = new MLContext(1);
        SeriesRow[] rows = Draw(Rows);
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        IDataView training = ml.Data.LoadFromEnumerable(rows.AsEnumerable().Take(64));
        var ntm = new NtmTrainer.Options { NumberOfIterations = 1, InputSize = Numbers };
        var lstm = new LstmTrainer.Options { NumberOfIterations = 1, InputSize = Numbers };
        Report("NTM 128 x 20, controller 100", ml, rows, data, ml.Sequence.Trainers.Ntm(ntm).Fit(training));
        Report("LSTM 100", ml, rows, data, ml.Sequence.Trainers.Lstm(lstm).Fit(training));
    }

    private static void Report(string what, MLContext ml, SeriesRow[] rows, IDataView data, SequenceTransformer model)
    {
        using PredictionEngine<SeriesRow, Answer> engine =
            ml.Model.CreatePredictionEngine<SeriesRow, Answer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var answer = new Answer();
        double read = Best(() => Sum(data, "Features")), transform = Best(() => Sum(model.Transform(data), "Score"));
        double objects = Best(() => ml.Data.CreateEnumerable<Answer>(model.Transform(data), reuseRowObject: true,
            ignoreMissingColumns: true).Sum(row => row.Score.Length));
        double one = Best(() =>
        {
            for (int row = 0; row < FewRows; row++)
                engine.Predict(rows[row], ref answer);
        }) * Rows / FewRows;
        string engines = string.Join(", ", new[] { 1, 2 }.Select(threads => $"{Rate(Engine(model, threads))} on {threads}"));
        Console.WriteLine($"{what}, {Steps} steps of {Numbers}: Transform {Rate(transform)} rows/s ({Rate(objects)} into objects), "
            + $"read alone {Rate(read)}, PredictionEngine {Rate(one)}; engine alone, batches of {Batch}: {engines} threads");
    }

    // Seconds for all rows in batches, without ML.NET.
    private static double Engine(SequenceTransformer model, int threads)
    {
        SequenceModelParameters parameters = model.Model;
        using IEngine engine = new ManagedEngine(parameters.Network, parameters.Sequence, threads);
        engine.Load(parameters.Parameters.Values);
        SequenceBatch batch = parameters.Format.CreateBatch();
        batch.Reset(Batch, Steps);
        Array.Fill(batch.Lengths, Steps, 0, Batch);
        var logits = new float[Steps * Batch * parameters.Network.OutputSize];
        return Best(() =>
        {
            for (int row = 0; row < Rows; row += Batch)
                engine.Score(batch, logits);
        });
    }

    private static double Sum(IDataView view, string column)
    {
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema[column]]);
        ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(view.Schema[column]);
        VBuffer<float> value = default;
        double sum = 0;
        while (cursor.MoveNext())
        {
            get(ref value);
            sum += value.GetValues()[0];
        }
        return sum;
    }

    private static double Best(Action work)
    {
        double best = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    private static string Rate(double seconds) => $"{Rows / seconds:N0}";

    private static SeriesRow[] Draw(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => new SeriesRow
        {
            Features = [.. Enumerable.Range(0, Steps * Numbers).Select(_ => random.NextSingle() * 2 - 1)],
            Label = [.. Enumerable.Range(0, Steps).Select(_ => random.NextSingle())],
        })];
    }

    private sealed class SeriesRow
    {
        public float[] Features { get; set; } = [];

        public float[] Label { get; set; } = [];
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
