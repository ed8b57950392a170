using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Evaluation;

/// <summary>Compares scores with labels, row by row of a scored view.</summary>
internal static class SequenceEvaluator
{
    /// <summary>The metrics of all rows.</summary>
    /// <param name="data">What a fitted model's Transform gave, the label column included.</param>
    /// <param name="format">What the scores mean.</param>
    /// <param name="labelColumnName">The label.</param>
    /// <param name="scoreColumnName">
    /// Probabilities, or values for squared error; a vector [T', O], or a scalar where there is one answer of one output.
    /// </param>
    /// <param name="weightColumnName">What a row counts, or null: all the same.</param>
    /// <param name="classNames">What the classes are called, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing, or the label is not of the kind that the scores answer.
    /// </exception>
    /// <exception cref="InvalidOperationException">A row's label and score do not fit each other, or there are no rows.</exception>
    public static SequenceMetrics Evaluate(IDataView data, ScoreFormat format, string labelColumnName, string scoreColumnName,
        string? weightColumnName = null, IReadOnlyList<string>? classNames = null)
    {
        DataViewSchema.Column score = FindScore(data.Schema, scoreColumnName);
        LabelFormat labelFormat = FindLabel(data.Schema, labelColumnName, format);
        DataViewSchema.Column? feature = FindFeature(data.Schema, format.Feature), weight = FindWeight(data.Schema, weightColumnName);
        DataViewSchema.Column[] columns =
            [score, data.Schema[labelColumnName], .. new[] { feature, weight }.OfType<DataViewSchema.Column>()];

        using DataViewRowCursor cursor = data.GetRowCursor(columns);
        var scores = new ColumnValues<float>(cursor, score);
        LabelReader label = LabelReader.Create(cursor, labelFormat, format.Loss);
        StepCounter? inputSteps = feature is { } present ? StepCounter.Create(cursor, present, format.Feature!.ValuesPerStep) : null;
        ColumnValues<float>? weights = weight is { } given ? new ColumnValues<float>(cursor, given) : null;
        var metrics = new MetricsAccumulator(format, classNames);
        bool any = false;
        while (cursor.MoveNext())
        {
            any = true;
            ReadOnlySpan<float> answer = scores.Read();
            ReadOnlySpan<float> targets = label.Read(cursor.Position);
            int steps = answer.Length / format.OutputSize;
            CheckLengths(cursor.Position, score.Name, labelFormat.ColumnName, format, answer.Length, targets.Length);
            metrics.Add(inputSteps?.Count() ?? steps, answer, targets,
                weights is null ? 1 : Weight(weights, weightColumnName!, cursor.Position));
        }
        if (!any)
            throw SequenceErrors.NoRows($"column '{score.Name}'");
        return metrics.ToMetrics();
    }

    private static DataViewSchema.Column? FindWeight(DataViewSchema schema, string? name)
    {
        if (name is null)
            return null;
        DataViewSchema.Column weight = ColumnTypes.Find(schema, "example weight", name);
        return weight.Type.Equals(NumberDataViewType.Single) ? weight
            : throw SequenceErrors.Schema("example weight", name, "Single", $"{weight.Type}");
    }

    private static double Weight(ColumnValues<float> weights, string name, long row)
    {
        float weight = weights.Read()[0];
        return weight >= 0f && float.IsFinite(weight) ? weight
            : throw SequenceErrors.Row(name, row, "a finite weight of at least 0", FormattableString.Invariant($"{weight}"));
    }

    private static DataViewSchema.Column FindScore(DataViewSchema schema, string name)
    {
        DataViewSchema.Column score = ColumnTypes.Find(schema, "score", name);
        if (!ColumnTypes.ItemType(score.Type).Equals(NumberDataViewType.Single))
            throw SequenceErrors.Schema("score", name, "Single, scalar or vector", $"{score.Type}");
        return score;
    }

    /// <summary>The feature column, where it is still what the model read.</summary>
    private static DataViewSchema.Column? FindFeature(DataViewSchema schema, FeatureFormat? feature)
    {
        if (feature is null || schema.GetColumnOrNull(feature.ColumnName) is not { Type: VectorDataViewType type } column)
            return null;
        bool same = feature.IsKey ? type.ItemType is KeyDataViewType : type.ItemType.Equals(NumberDataViewType.Single);
        return same ? column : null;
    }

    private static LabelFormat FindLabel(DataViewSchema schema, string name, ScoreFormat format)
    {
        DataViewSchema.Column label = ColumnTypes.Find(schema, "label", name);
        DataViewType item = ColumnTypes.ItemType(label.Type);
        LabelKind kind = LabelFormat.KindOf(item, item is KeyDataViewType)
            ?? throw SequenceErrors.Schema("label", name, "Single, Boolean or keys, scalar or vector", $"{label.Type}");
        LabelFormat.LossFor(kind, format.Loss, name);
        int classes = format.OutputSize / format.SoftmaxGroups;
        int keyCount = ColumnTypes.KeyCount(label, "label");
        if (kind == LabelKind.Key && keyCount != classes)
            throw SequenceErrors.Schema("label", name, $"keys 1..{classes}, as in training", $"{label.Type}");
        return new LabelFormat(name, kind, label.Type is VectorDataViewType, keyCount);
    }

    private static void CheckLengths(long row, string score, string label, ScoreFormat format, int scores, int targets)
    {
        if (scores == 0 || scores % format.OutputSize != 0)
            throw SequenceErrors.Row(score, row, $"at least one step of {format.OutputSize} scores, and whole steps", $"{scores} values");
        int steps = scores / format.OutputSize;
        if (targets != (long)steps * format.TargetSize)
        {
            throw SequenceErrors.Row(label, row,
                $"{(long)steps * format.TargetSize} values ({steps} answer steps of '{score}' times {format.TargetSize})",
                $"{targets} values");
        }
    }
}
