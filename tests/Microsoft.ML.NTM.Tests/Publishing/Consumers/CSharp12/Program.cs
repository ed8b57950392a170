// A user whose compiler does not know extension properties.
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.NTM;

var ml = new MLContext(seed: 1);
var rows = new[] { new Row { Features = new[] { 0f, 1f, 0f }, Label = 1f }, new Row { Features = new[] { 1f, 1f }, Label = 0f } };
IDataView data = ml.Data.LoadFromEnumerable(rows);
var options = new NtmTrainer.Options { NumberOfIterations = 2, ControllerSize = 4, MemorySlots = 4, MemoryWidth = 3,
    Optimizer = OptimizerKind.AdamW, GradientClipNorm = 1e-3 };
ITransformer model = new SequenceCatalog(ml).Trainers.Ntm(options).Fit(data);
using var engine = ml.Model.CreatePredictionEngine<Row, Answer>(model);
Console.WriteLine(float.IsFinite(engine.Predict(rows[0]).Score) ? "scored" : "not scored");

internal sealed class Row
{
    [VectorType(0, 1)]
    public float[] Features { get; set; } = Array.Empty<float>();

    public float Label { get; set; }
}

internal sealed class Answer
{
    public float Score { get; set; }
}
