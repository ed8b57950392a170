using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>
/// What a user of the whole library pays: one prediction, feeding batches, and training before and after it has converged.
/// </summary>
internal static class Pipeline
{
    private const int Length = 20;

    public static void Run()
    {
        var ml = new MLContext(1);
        IDataView data = new CopyTask(1, Length).ToDataView(ml, 1_000_000);
        Predict(ml, data);
        Feed(data);
        Converge(ml, data);
    }

    // One sequence of length 20 through a PredictionEngine, all of ML.NET included.
    private static void Predict(MLContext ml, IDataView data)
    {
        SequenceTransformer model = Train(ml, data, iterations: 1);
        using PredictionEngine<TaskSequence, Answer> engine = ml.Model.CreatePredictionEngine<TaskSequence, Answer>(model);
        TaskSequence row = new CopyTask(Length, Length).Row(0);
        var answer = new Answer();
        Timing[] times = Stopwatches.Compare([() => engine.Predict(row, ref answer)]);
        Console.WriteLine($"PredictionEngine, one sequence of {Length}  {times[0]}");
    }

    // The batches that training reads, next to the training on them: lengths 1..20, batch 32, one thread.
    private static void Feed(IDataView data)
    {
        var columns = new SequenceColumns { Alignment = SequenceAlignment.AfterInput, Loss = SequenceLoss.BinaryCrossEntropy };
        SequenceFormat format = FormatResolver.Resolve(data, columns);
        var network = new NetworkSpec { InputSize = format.InputSize, OutputSize = format.OutputSize };
        using var batches = new TrainingBatches(data, format, 32, 1);
        using var trainee = new Trainee(new ManagedEngine(network, format.Spec, threads: 1), network,
            ParameterInitializer.Create(network, 1).Values);
        Timing[] times = Stopwatches.Compare([() => batches.Next(), () => trainee.Update(batches.Next())], rounds: 40);
        Console.WriteLine($"a batch of 32 read             {times[0]}");
        Console.WriteLine($"a batch of 32 read and trained {times[1]}  reading is {times[0].Median / times[1].Median:P1}");
    }

    // Numbers too small to be normal cost many times as much; they appear when nothing is left to learn.
    private static void Converge(MLContext ml, IDataView data)
    {
        TrainingHistory history = Train(ml, data, iterations: 6000).Model.History!;
        double first = history.Reports.Take(10).Average(report => report.SequencesPerSecond);
        double last = history.Reports.TakeLast(10).Average(report => report.SequencesPerSecond);
        Console.WriteLine(
            $"training: {first:N0} sequences/s in its first sixth, {last:N0} in its last (loss {history.Reports[^1].Loss:G2}): "
                + $"{first / last:F2}x the time");
    }

    private static SequenceTransformer Train(MLContext ml, IDataView data, int iterations)
    {
        var options = new NtmTrainer.Options
        {
            Alignment = SequenceAlignment.AfterInput,
            Loss = SequenceLoss.BinaryCrossEntropy,
            NumberOfIterations = iterations,
        };
        return ml.Sequence.Trainers.Ntm(options).Fit(data);
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
