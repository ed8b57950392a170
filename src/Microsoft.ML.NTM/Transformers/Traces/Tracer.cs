using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Transformers.Traces;

/// <summary>Runs sequences step by step and writes down what the network does.</summary>
internal static class Tracer
{
    /// <summary>A trace per row, when it is asked for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public static IEnumerable<SequenceTrace> Trace(SequenceModelParameters model, IDataView rows)
    {
        DataViewSchema.Column[] columns = [.. SequenceSchema.Check(model.Format, rows.Schema, ColumnUse.Scoring)];
        return Traces();

        IEnumerable<SequenceTrace> Traces()
        {
            using DataViewRowCursor cursor = rows.GetRowCursor(columns);
            var reader = new SingleRowBatch(cursor, model.Format);
            IStepper stepper = EngineFactory.CreateStepper(model.Network, model.Sequence, model.Parameters.Values);
            while (cursor.MoveNext())
                yield return Trace(model, stepper, reader.Read());
        }
    }

    private static SequenceTrace Trace(SequenceModelParameters model, IStepper stepper, SequenceBatch batch)
    {
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
}
