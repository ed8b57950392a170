// What an application that only scores looks like: no libtorch, no registration. Prints each score's bits, so that a test can compare; with
// a third argument also what it took since Main began.
using System.Diagnostics;
using System.Runtime;
using Microsoft.ML;

long start = Stopwatch.GetTimestamp();
var ml = new MLContext();
ITransformer model = ml.Model.Load(args[0], out _);
TimeSpan loaded = Stopwatch.GetElapsedTime(start);
using PredictionEngine<Row, Answer> engine = ml.Model.CreatePredictionEngine<Row, Answer>(model);
TimeSpan made = Stopwatch.GetElapsedTime(start);
Answer answer = engine.Predict(new Row { Features = [.. args[1].Split(',').Select(float.Parse)] });
Console.WriteLine(string.Join(' ', answer.Score.Select(score => BitConverter.SingleToInt32Bits(score).ToString("X8"))));
if (args.Length > 2)
{
    double all = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    Console.WriteLine(FormattableString.Invariant($"loaded after {loaded.TotalMilliseconds:F0}, engine after {made.TotalMilliseconds:F0}, ")
        + FormattableString.Invariant($"scored after {all:F0} ms; {JitInfo.GetCompiledMethodCount()} methods compiled in ")
        + FormattableString.Invariant($"{JitInfo.GetCompilationTime().TotalMilliseconds:F0} ms"));
}

internal sealed class Row
{
    public float[] Features { get; set; } = [];
}

internal sealed class Answer
{
    public float[] Score { get; set; } = [];
}
