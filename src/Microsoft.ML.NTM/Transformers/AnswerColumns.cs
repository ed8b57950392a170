using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Evaluation;
using Microsoft.ML.NTM.Interop;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>
/// The columns a fitted model adds: as a promise before data is seen (<see cref="Shape"/>) and as they are delivered (<see cref="Build"/>).
/// Both are here so that they stay the same. Scalar answers have exactly what ML.NET's own evaluators expect.
/// </summary>
internal static class AnswerColumns
{
    public const string Score = "Score", Probability = "Probability", PredictedLabel = "PredictedLabel";

    /// <summary>Kinds of score columns that hold one answer per step: what <c>ml.Sequence.Evaluate</c> looks for.</summary>
    public const string SequenceBinary = "SequenceBinaryClassification", SequenceMulticlass = "SequenceMulticlassClassification",
        SequenceRegression = "SequenceRegression";

    /// <summary>The kind of the score columns that a loss makes.</summary>
    public static string ScoreKind(SequenceLoss loss, bool oneLabelPerSequence) => (loss, oneLabelPerSequence) switch
    {
        (SequenceLoss.BinaryCrossEntropy, true) => ScoreAnnotations.Binary,
        (SequenceLoss.CrossEntropy, true) => ScoreAnnotations.Multiclass,
        (SequenceLoss.SquaredError, true) => ScoreAnnotations.Regression,
        (SequenceLoss.BinaryCrossEntropy, false) => SequenceBinary,
        (SequenceLoss.CrossEntropy, false) => SequenceMulticlass,
        (SequenceLoss.SquaredError, false) => SequenceRegression,
        _ => throw new ArgumentOutOfRangeException(nameof(loss), loss, "A fitted model's loss is known."),
    };

    /// <summary>What will be added for a label column of this shape.</summary>
    public static IEnumerable<SchemaShape.Column> Shape(SequenceLoss loss, SchemaShape.Column label)
    {
        bool single = label.Kind == SchemaShape.Column.VectorKind.Scalar;
        SchemaShape.Column.VectorKind answers = single ? SchemaShape.Column.VectorKind.Scalar
            : SchemaShape.Column.VectorKind.VariableVector;
        SchemaShape.Column[] plain = [.. ScoreAnnotations.Shape()];
        SchemaShape.Column[] scored = [.. plain,
            SchemaShapes.Column(AnnotationKinds.InputColumn, SchemaShape.Column.VectorKind.Scalar, TextDataViewType.Instance),
            SchemaShapes.Column(AnnotationKinds.InputStepSize, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Int32)];
        SchemaShape.Column[] keyed = [.. plain, .. label.Annotations.Where(column => column.Name == AnnotationKinds.KeyValues)];

        if (loss == SequenceLoss.CrossEntropy)
        {
            yield return single
                ? SchemaShapes.Column(Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, annotations:
                    [.. ScoreAnnotations.MulticlassShape(label), .. scored[^2..]])
                : SchemaShapes.Column(Score, answers, NumberDataViewType.Single, annotations: scored);
            yield return SchemaShapes.Column(PredictedLabel, answers, NumberDataViewType.UInt32, isKey: true, keyed);
            yield break;
        }
        yield return SchemaShapes.Column(Score, answers, NumberDataViewType.Single, annotations: scored);
        if (loss != SequenceLoss.BinaryCrossEntropy)
            yield break;
        if (single)
            yield return SchemaShapes.Column(Probability, answers, NumberDataViewType.Single, annotations: plain);
        yield return SchemaShapes.Column(PredictedLabel, answers, BooleanDataViewType.Instance, annotations: plain);
    }

    /// <summary>What is added to <paramref name="input"/> by a model.</summary>
    public static DataViewSchema.DetachedColumn[] Build(SequenceModelParameters model, DataViewSchema input)
    {
        SequenceSpec sequence = model.Sequence;
        LabelClasses? classes = model.Classes;
        string kind = ScoreKind(sequence.Loss, sequence.OneLabelPerSequence);
        uint set = ScoreAnnotations.NextSet(input);
        int outputs = model.Network.OutputSize, groups = sequence.SoftmaxGroups;

        DataViewSchema.DetachedColumn Column(string name, DataViewType type, string valueKind,
            Action<DataViewSchema.Annotations.Builder>? more = null)
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            more?.Invoke(annotations);
            if (name == Score)
                AddInput(annotations, model.Format.Features[0]);
            ScoreAnnotations.Add(annotations, set, kind, valueKind);
            return new DataViewSchema.DetachedColumn(name, type, annotations.ToAnnotations());
        }

        // Vectors: an unknown number of steps, each of a known number of outputs.
        DataViewType Answer(PrimitiveDataViewType item, int perStep) => sequence.OneLabelPerSequence ? item
            : new VectorDataViewType(item, 0, perStep);

        switch (sequence.Loss)
        {
            case SequenceLoss.CrossEntropy:
                var key = new KeyDataViewType(typeof(uint), outputs / groups);
                return
                [
                    sequence.OneLabelPerSequence
                        ? Column(Score, new VectorDataViewType(NumberDataViewType.Single, outputs), ScoreAnnotations.Score,
                            annotations => AddClasses(annotations, classes))
                        : Column(Score, groups == 1
                            ? new VectorDataViewType(NumberDataViewType.Single, 0, outputs)
                            : new VectorDataViewType(NumberDataViewType.Single, 0, groups, outputs / groups), ScoreAnnotations.Score),
                    Column(PredictedLabel, Answer(key, groups), ScoreAnnotations.PredictedLabel,
                        annotations => classes?.AddTo(annotations, AnnotationKinds.KeyValues)),
                ];
            case SequenceLoss.BinaryCrossEntropy when sequence.OneLabelPerSequence:
                return
                [
                    Column(Score, NumberDataViewType.Single, ScoreAnnotations.Score),
                    Column(Probability, NumberDataViewType.Single, ScoreAnnotations.Probability),
                    Column(PredictedLabel, BooleanDataViewType.Instance, ScoreAnnotations.PredictedLabel),
                ];
            case SequenceLoss.BinaryCrossEntropy:
                return
                [
                    Column(Score, Answer(NumberDataViewType.Single, outputs), ScoreAnnotations.Score),
                    Column(PredictedLabel, Answer(BooleanDataViewType.Instance, outputs), ScoreAnnotations.PredictedLabel),
                ];
            default:
                return [Column(Score, Answer(NumberDataViewType.Single, outputs), ScoreAnnotations.Score)];
        }
    }

    /// <summary>
    /// What the scores of a column that a model made mean: one answer per step, or one per sequence as any of ML.NET's models gives.
    /// </summary>
    /// <returns>The meaning, and the column that has the probabilities or values.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it does not hold a model's scores.</exception>
    public static (ScoreFormat Format, string ColumnName) FormatOf(DataViewSchema schema, string scoreColumnName)
    {
        DataViewSchema.Column score = ColumnTypes.Find(schema, "score", scoreColumnName);
        FeatureFormat? input = InputOf(schema, score);
        ScoreFormat? format = (ScoreAnnotations.ColumnKind(score), score.Type) switch
        {
            (SequenceBinary, VectorDataViewType { Dimensions: [0, int outputs] }) =>
                new ScoreFormat(SequenceLoss.BinaryCrossEntropy, outputs, Feature: input),
            (SequenceRegression, VectorDataViewType { Dimensions: [0, int outputs] }) =>
                new ScoreFormat(SequenceLoss.SquaredError, outputs, Feature: input),
            (SequenceMulticlass, VectorDataViewType { Dimensions: [0, int classes] }) =>
                new ScoreFormat(SequenceLoss.CrossEntropy, classes, Feature: input),
            (SequenceMulticlass, VectorDataViewType { Dimensions: [0, int groups, int classes] }) =>
                new ScoreFormat(SequenceLoss.CrossEntropy, groups * classes, groups, Feature: input),
            (ScoreAnnotations.Multiclass, VectorDataViewType { IsKnownSize: true } classes) =>
                new ScoreFormat(SequenceLoss.CrossEntropy, classes.Size, Feature: input, AnswersSequence: true),
            (ScoreAnnotations.Regression, NumberDataViewType) =>
                new ScoreFormat(SequenceLoss.SquaredError, 1, Feature: input, AnswersSequence: true),
            (ScoreAnnotations.Binary, NumberDataViewType) =>
                new ScoreFormat(SequenceLoss.BinaryCrossEntropy, 1, Feature: input, AnswersSequence: true),
            _ => null,
        };
        if (format is null)
        {
            throw SequenceErrors.Schema("score", scoreColumnName,
                "the scores of a sequence model, or of one of ML.NET's classification or regression models",
                $"{score.Type} of kind {ScoreAnnotations.ColumnKind(score) ?? "none"}");
        }
        // A binary model's score may be any number; its probability stands in another column of the same set.
        bool hasProbability = format is { AnswersSequence: true, Loss: SequenceLoss.BinaryCrossEntropy };
        return (format, hasProbability ? ScoreAnnotations.ProbabilityOf(score, schema)?.Name
            ?? throw SequenceErrors.Schema("score", scoreColumnName,
                "a model that gives probabilities (see BinaryClassification.Calibrators)", "none") : scoreColumnName);
    }

    private static FeatureFormat? InputOf(DataViewSchema schema, DataViewSchema.Column score)
    {
        DataViewSchema annotations = score.Annotations.Schema;
        if (annotations.GetColumnOrNull(AnnotationKinds.InputColumn) is null
            || annotations.GetColumnOrNull(AnnotationKinds.InputStepSize) is null)
            return null;
        ReadOnlyMemory<char> name = default;
        int stepSize = 0;
        score.Annotations.GetValue(AnnotationKinds.InputColumn, ref name);
        score.Annotations.GetValue(AnnotationKinds.InputStepSize, ref stepSize);
        return schema.GetColumnOrNull($"{name}") is { } column
            ? new FeatureFormat(column.Name, stepSize,
                ColumnTypes.ItemType(column.Type) is KeyDataViewType ? ColumnTypes.KeyCount(column, "feature") : 0) : null;
    }

    private static void AddInput(DataViewSchema.Annotations.Builder annotations, FeatureFormat feature)
    {
        annotations.Add(AnnotationKinds.InputColumn, TextDataViewType.Instance,
            (ref ReadOnlyMemory<char> name) => name = feature.ColumnName.AsMemory());
        annotations.Add(AnnotationKinds.InputStepSize, NumberDataViewType.Int32, (ref int size) => size = feature.ValuesPerStep);
    }

    /// <summary>The type of the first feature column, its number of steps left open.</summary>
    public static DataViewType FeatureType(SequenceFormat format)
    {
        FeatureFormat feature = format.Features[0];
        PrimitiveDataViewType item = feature.IsKey ? new KeyDataViewType(typeof(uint), feature.KeyCount) : NumberDataViewType.Single;
        return new VectorDataViewType(item, 0, feature.ValuesPerStep);
    }

    private static void AddClasses(DataViewSchema.Annotations.Builder annotations, LabelClasses? classes)
    {
        if (classes is null)
            return;
        if (classes.AreTexts)
            classes.AddTo(annotations, AnnotationKinds.SlotNames);
        classes.AddTo(annotations, AnnotationKinds.TrainingLabelValues);
    }
}
