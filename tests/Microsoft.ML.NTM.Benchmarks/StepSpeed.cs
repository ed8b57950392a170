using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>Streaming: a step through a step engine, ML.NET included, and what a clone and a saved state cost.</summary>
internal static class StepSpeed
{
    private const int Width = 8;

    public static void Run()
    {
        var ml = new MLContext(1);
        Sequence[] rows = [.. Enumerable.Range(0, 32)
            .Select(i => new Sequence { Features = Random(20 * Width, i), Label = Random(20, i) })];
        IDataView data = ml.Data.LoadFromEnumerable(rows);
        Run(ml, "NTM 128 x 20, controller 100", ml.Sequence.Trainers.Ntm(new NtmTrainer.Options { NumberOfIterations = 1 }).Fit(data));
        Run(ml, "DNC 128 x 20, R = 4, controller 100",
            ml.Sequence.Trainers.Dnc(new DncTrainer.Options { NumberOfIterations = 1, NumberOfReadHeads = 4 }).Fit(data));
        Run(ml, "LSTM 100", ml.Sequence.Trainers.Lstm(new LstmTrainer.Options { NumberOfIterations = 1 }).Fit(data));
    }

    private static void Run(MLContext ml, string name, SequenceTransformer model)
    {
        SequenceStepEngine<Step, Answer> engine = ml.Sequence.CreateStepEngine<Step, Answer>(model);
        var step = new Step { Features = Random(Width, 0) };
        var answer = new Answer();
        Timing[] times = Stopwatches.Compare([() => engine.Step(step, ref answer), () => engine.Clone(), () => engine.SaveState()]);
        Console.WriteLine($"{name}: a step {1000 * times[0].Median:F2} us ({1000 * times[0].Low:F2}-{1000 * times[0].High:F2}), a clone "
            + $"{1000 * times[1].Median:F1} us, saving {engine.SaveState().Length:N0} bytes of state {1000 * times[2].Median:F1} us");
    }

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }

    private sealed class Sequence
    {
        [VectorType(0, Width)]
        public float[] Features { get; set; } = [];
        public float[] Label { get; set; } = [];
    }

    private sealed class Step
    {
        [VectorType(Width)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
