using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Evaluation;

namespace Microsoft.ML.NTM.Tests.Data;

/// <summary>
/// Random rows, types and options: what comes out is batches that keep their promises, or one of the two documented errors.
/// </summary>
[TestClass]
public sealed class RandomDataTests
{
    private static readonly string[] s_names =
        ["Features", "More", "Tokens", "Label", "Flags", "Classes", "Number", "Flag", "Class", "Weight", "Answers", "Text", "Nothing"];

    [TestMethod]
    public void OnlyDocumentedErrorsComeOut()
    {
        var random = new Random(2024);
        int fine = 0, schema = 0, rows = 0;
        for (int i = 0; i < 2000; i++)
        {
            try
            {
                Use(random);
                fine++;
            }
            catch (ArgumentOutOfRangeException error) when (error.ParamName == "schema")
            {
                schema++;
            }
            catch (InvalidOperationException error) when (error.Message.Contains("expected", StringComparison.OrdinalIgnoreCase))
            {
                rows++;
            }
        }
        Assert.IsGreaterThan(100, fine);
        Assert.IsGreaterThan(100, schema);
        Assert.IsGreaterThan(100, rows);
    }

    private static void Use(Random random)
    {
        int perStep = random.Next(1, 4), outputs = random.Next(1, 3);
        bool after = random.Next(2) == 0, clean = random.Next(3) > 0;
        Row[] rows = [.. Enumerable.Range(0, random.Next(0, 12)).Select(_ => RandomRow(random, perStep, outputs, after, clean))];
        var columns = new SequenceColumns
        {
            FeatureColumnNames = random.Next(4) switch
            {
                0 => ["Tokens"],
                1 => [Any(random, "Features"), Any(random, "Tokens")],
                _ => [Any(random, "Features")],
            },
            LabelColumnName = clean ? s_names[random.Next(3, 9)] : Any(random, "Label"),
            ExampleWeightColumnName = random.Next(3) == 0 ? Any(random, "Weight") : null,
            OutputLengthColumnName = random.Next(3) == 0 ? Any(random, "Answers") : null,
            OutputLength = random.Next(3) == 0 ? random.Next(1, 5) : null,
            Alignment = after ? SequenceAlignment.AfterInput : SequenceAlignment.EveryStep,
            Loss = clean ? SequenceLoss.Auto : (SequenceLoss)random.Next(4),
            InputSize = random.Next(3) == 0 ? perStep : null,
            OutputSize = random.Next(3) == 0 ? outputs : null,
        };
        var types = new List<(string, DataViewType)>();
        if (random.Next(4) > 0)
            types.Add(("Features", Row.Steps(perStep)));
        if (random.Next(3) > 0)
            types.Add(("Label", Row.Steps(outputs)));
        IDataView view = Row.View(rows, [.. types]);

        SequenceFormat format = FormatResolver.Resolve(view, columns);
        using (var training = new TrainingBatches(view, format, random.Next(1, 6), random.Next(), random.Next(1, 4)))
        {
            for (int i = 0; i < 6; i++)
                Check(training.Next(), format, random);
        }
        using var scoring = new OrderedBatches(view, format, ColumnUse.Scoring, random.Next(1, 6), random.Next(1, 4));
        int count = 0;
        for (; scoring.Next() is SequenceBatch batch; count += batch.Rows)
            Check(batch, format, random);
        Assert.HasCount(count, rows);
    }

    private static void Check(SequenceBatch batch, SequenceFormat format, Random random)
    {
        int width = format.Spec.FeatureSize;
        for (int r = 0; r < batch.Rows; r++)
        {
            Assert.IsTrue(batch.Lengths[r] >= 1 && batch.OutputStarts[r] < batch.Lengths[r]);
            Assert.IsTrue(r == 0 ? batch.Lengths[r] == batch.Steps : batch.Lengths[r] <= batch.Lengths[r - 1]);
            int inputs = format.Spec.Alignment == SequenceAlignment.AfterInput ? batch.OutputStarts[r] - 1 : batch.Lengths[r];
            for (int t = 0; t < batch.Steps; t++)
            {
                ReadOnlySpan<float> input = batch.Input(t, r);
                Assert.IsTrue(t < inputs || input[..width].IndexOfAnyExcept(0f) < 0, "nothing is fed after the input");
                if (format.Spec.Alignment == SequenceAlignment.AfterInput)
                    Assert.AreEqual(t == inputs ? 1f : 0f, input[width]);
                foreach (float target in batch.Target(t, r))
                    Assert.IsTrue(float.IsNaN(target) || t >= batch.OutputStarts[r] && t < batch.Lengths[r]);
            }
        }
        float[] scores = new float[batch.Steps * batch.Rows * format.OutputSize];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = random.NextSingle();
        var metrics = new MetricsAccumulator(ScoreFormat.Of(format));
        metrics.Add(batch, scores);
        Assert.IsTrue(metrics.ToMetrics() is { Sequences: 0 } or { Loss: >= 0 });
    }

    private static string Any(Random random, string likely) => random.Next(12) > 0 ? likely : s_names[random.Next(s_names.Length)];

    private static Row RandomRow(Random random, int perStep, int outputs, bool after, bool clean)
    {
        int steps = random.Next(1, 9), answers = after ? random.Next(1, 9) : steps;
        bool bad = !clean && random.Next(8) == 0;
        float Value() => bad && random.Next(5) == 0
            ? random.Next(4) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => -1f, _ => 1e30f }
            : random.NextSingle();
        uint Key(uint count) => (uint)random.Next(bad ? (int)count + 3 : (int)count + 1);
        int Length(int length) => bad && random.Next(4) == 0 ? random.Next(12) : length;
        return new Row
        {
            Features = [.. Enumerable.Range(0, Length(steps * perStep)).Select(_ => Value())],
            More = [.. Enumerable.Range(0, Length(steps)).Select(_ => Value())],
            Tokens = [.. Enumerable.Range(0, Length(steps)).Select(_ => Key(4))],
            Label = [.. Enumerable.Range(0, Length(answers * outputs)).Select(_ => random.Next(6) == 0 ? float.NaN : Value())],
            Flags = [.. Enumerable.Range(0, Length(answers * outputs)).Select(_ => random.Next(2) == 0)],
            Classes = [.. Enumerable.Range(0, Length(answers)).Select(_ => Key(3))],
            Number = Value(),
            Flag = random.Next(2) == 0,
            Class = (uint)random.Next(3),
            Weight = bad && random.Next(3) == 0 ? float.NaN : 1f,
            Answers = bad && random.Next(3) == 0 ? -1 : random.Next(1, 5),
        };
    }
}
