// What an application that only scores looks like: no libtorch, no registration. Prints each score's bits, so that a test can compare.
using Microsoft.ML;

var ml = new MLContext();
ITransformer model = ml.Model.Load(args[0], out _);
using PredictionEngine<Row, Answer> engine = ml.Model.CreatePredictionEngine<Row, Answer>(model);
Answer answer = engine.Predict(new Row { Features = [.. args[1].Split(',').Select(float.Parse)] });
Console.WriteLine(string.Join(' ', answer.Score.Select(score => BitConverter.SingleToInt32Bits(score).ToString("X8"))));

internal sealed class Row
{
    public float[] Features { get; set; } = [];
}

internal sealed class Answer
{
    public float[] Score { get; set; } = [];
}
