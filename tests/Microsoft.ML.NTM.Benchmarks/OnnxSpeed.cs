using Microsoft.ML.Data;
using Microsoft.ML.NTM.Benchmarks.Peers;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>
/// Scoring in ONNX Runtime beside our own, one thread each: a sequence, a batch of 16, a step; and the sizes of the files.
/// </summary>
internal static class OnnxSpeed
{
    private const int Width = 9, Steps = 41, Batch = 16;

    public static void Run()
    {
        var ml = new MLContext(1);
        Sequence[] rows = [.. Enumerable.Range(0, Batch).Select(i =>
            new Sequence { Features = Random(Steps * Width, i), Label = Random(Steps * 8, i) })];
        Run(ml, rows, "LSTM 100", data =>
            ml.Sequence.Trainers.Lstm(new LstmTrainer.Options { NumberOfIterations = 1, OutputSize = 8 }).Fit(data));
        Run(ml, rows, "NTM 128 x 20, controller 100",
            data => ml.Sequence.Trainers.Ntm(new NtmTrainer.Options { NumberOfIterations = 1, OutputSize = 8 }).Fit(data));
        Run(ml, rows, "DNC 128 x 20, R = 4, controller 100",
            data => ml.Sequence.Trainers.Dnc(new DncTrainer.Options
            {
                NumberOfIterations = 1,
                NumberOfReadHeads = 4,
                OutputSize = 8
            }).Fit(data));
    }

    private static void Run(MLContext ml, Sequence[] rows, string name, Func<IDataView, SequenceTransformer> train)
    {
        IDataView batch = ml.Data.LoadFromEnumerable(rows), one = ml.Data.LoadFromEnumerable(rows[..1]);
        using SequenceTransformer model = train(batch);
        byte[] whole = OnnxPeer.Written(stream => ml.Model.ConvertToOnnx(model, batch, stream, "Score")),
            step = OnnxPeer.Written(stream => ml.Sequence.ExportStepOnnx(model, stream));
        using var zip = new MemoryStream();
        ml.Model.Save(model, batch.Schema, zip);
        using InferenceSession steps = OnnxPeer.Session(step, threads: 1);
        using OnnxPeer oneRow = Peer(whole, rows[..1]), allRows = Peer(whole, rows);
        SequenceStepEngine<Step, Answer> engine = ml.Sequence.CreateStepEngine<Step, Answer>(model);
        var input = new Step { Features = Random(Width, 0) };
        var answer = new Answer();
        StepLoop loop = new(steps, input.Features);

        Timing[] times = Stopwatches.Compare(
        [
            () => Ours(model, one), () => oneRow.Score(), () => Ours(model, batch), () => allRows.Score(),
            () => engine.Step(input, ref answer), loop.Step,
        ]);
        Console.WriteLine($"{name}, {Steps} steps: ONNX file {whole.Length:N0} bytes, of one step {step.Length:N0}, .zip {zip.Length:N0}");
        Tell("a sequence", times[0], times[1]);
        Tell($"a batch of {Batch}", times[2], times[3]);
        Tell("a step", times[4], times[5]);
        loop.Dispose();
    }

    private static void Tell(string what, Timing ours, Timing onnx) =>
        Console.WriteLine($"  {what}: ours {ours}, ONNX Runtime {onnx}, ratio {onnx.Median / ours.Median:F1}");

    private static float Ours(SequenceTransformer model, IDataView data) => model.Transform(data).GetColumn<float[]>("Score").Last()[^1];

    private static OnnxPeer Peer(byte[] model, Sequence[] rows) =>
        new(model, threads: 1, rows.Length, [.. rows.SelectMany(row => row.Features)], Steps * 8);

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
    }

    /// <summary>A stream in ONNX Runtime: outputs become the next step's inputs without a copy.</summary>
    private sealed class StepLoop(InferenceSession session, float[] features) : IDisposable
    {
        private readonly OrtValue _features = OrtValue.CreateTensorValueFromMemory(features, [1, Width]);
        private readonly RunOptions _run = new();
        private readonly string[] _outputs = [.. session.OutputNames];
        private readonly string[] _states = [.. session.OutputNames.Where(name => name.StartsWith("State.", StringComparison.Ordinal))];
        private IDisposableReadOnlyCollection<OrtValue>? _last;

        public void Step()
        {
            string[] names = ["Features", .. _last is null ? [] : _states.Select(name => name[..^".output".Length])];
            OrtValue[] inputs = [_features, .. _last is null ? [] : _states.Select(name => _last[Array.IndexOf(_outputs, name)])];
            IDisposableReadOnlyCollection<OrtValue> next = session.Run(_run, names, inputs, _outputs);
            _last?.Dispose();
            _last = next;
        }

        public void Dispose()
        {
            _last?.Dispose();
            _features.Dispose();
            _run.Dispose();
        }
    }

    private sealed class Sequence
    {
        [VectorType(0, Width)]
        public float[] Features { get; set; } = [];

        [VectorType(0, 8)]
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
