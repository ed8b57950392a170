using System.Numerics.Tensors;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Transformers.Traces;

/// <summary>Runs sequences step by step and writes down what the network does.</summary>
internal static class Tracer
{
    /// <summary>A trace per row, when it is asked for.</summary>
    /// <exception cref="NotSupportedException">The network reads sequences in both directions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public static IEnumerable<SequenceTrace> Trace(SequenceModelParameters model, IDataView rows)
    {
        EngineFactory.RequireSteps(model.Network);
        DataViewSchema.Column[] columns = SequenceSchema.Check(model.Format, rows.Schema, ColumnUse.Scoring);
        DataViewSchema.Column? label = SequenceSchema.FindLabel(model.Format, rows.Schema);
        if (label is { } column)
            columns = [.. columns, column];
        return Traces();

        IEnumerable<SequenceTrace> Traces()
        {
            using DataViewRowCursor cursor = rows.GetRowCursor(columns);
            var reader = new SingleRowBatch(cursor, model.Format);
            LabelReader? targets = label is null ? null : LabelReader.Create(cursor, model.Format.Label, model.Sequence.Loss);
            IStepper stepper = EngineFactory.CreateStepper(model.Network, model.Sequence, model.Parameters.Values);
            var limit = EngineFactory.TraceLimit(model.Network, model.Format);
            while (cursor.MoveNext())
                yield return Trace(model, stepper, limit, reader.Read(), targets is null ? null : [.. targets.Read(cursor.Position)]);
        }
    }

    private static SequenceTrace Trace(
        SequenceModelParameters model, IStepper stepper, MemoryLimit limit, SequenceBatch batch, float[]? label)
    {
        limit.RequireTrace(batch, NumbersPerStep(model, stepper, batch));
        int steps = batch.Lengths[0], step = 0;
        var series = new List<TraceSeries>();
        float[] logits = new float[model.Network.OutputSize];
        stepper.Reset();
        for (; step < steps; step++)
        {
            int place = 0;
            stepper.Step(batch.Input(step, 0), batch.Key(step, 0), logits);
            Keep("inputs", stepper.Inputs);
            if (!batch.Key(step, 0).IsEmpty)
                Keep("tokens", [.. batch.Key(step, 0)]);
            Span<float> answers = Next("answers", logits.Length);
            if (step >= batch.OutputStarts[0])
                AnswerGetters.Scores(logits, answers, model);
            else
                answers.Fill(float.NaN);
            if (label is not null)
            {
                Span<float> targets = Next("targets", logits.Length);
                Targets(label, step - batch.OutputStarts[0], targets, model);
                TensorPrimitives.Subtract(answers, targets, Next("error", logits.Length));
            }
            stepper.Look(Keep);

            // The same quantities come in the same order in every step.
            Span<float> Next(string name, int width)
            {
                if (step == 0)
                    series.Add(new TraceSeries(name, steps, width));
                return series[place++].Step(step);
            }

            void Keep(string name, ReadOnlySpan<float> values) => values.CopyTo(Next(name, values.Length));
        }
        return new SequenceTrace(batch.RowIds[0], steps, series);
    }

    // Found out by a first step: inputs, keys, answers, targets and errors, and what the memory tells.
    private static long NumbersPerStep(SequenceModelParameters model, IStepper stepper, SequenceBatch batch)
    {
        float[] logits = new float[model.Network.OutputSize];
        long numbers = model.Network.InputSize + batch.KeysPerStep + 3L * logits.Length;
        stepper.Reset();
        stepper.Step(batch.Input(0, 0), batch.Key(0, 0), logits);
        stepper.Look((_, values) => numbers += values.Length);
        return numbers;
    }

    // What the answers should be; classes as 1 of each group's outputs. NaN where there is nothing to answer or nothing is scored.
    private static void Targets(ReadOnlySpan<float> label, int answer, Span<float> targets, SequenceModelParameters model)
    {
        int perStep = model.Format.TargetSize, classes = targets.Length / perStep;
        targets.Fill(float.NaN);
        if (answer < 0 || (answer + 1) * perStep > label.Length)
            return;
        ReadOnlySpan<float> wanted = label.Slice(answer * perStep, perStep);
        for (int i = 0; i < perStep; i++)
        {
            if (model.Sequence.Loss != SequenceLoss.CrossEntropy)
                targets[i] = wanted[i];
            else if (!float.IsNaN(wanted[i]))
            {
                targets.Slice(i * classes, classes).Clear();
                targets[i * classes + (int)wanted[i]] = 1;
            }
        }
    }
}
