using Microsoft.ML.NTM.Evaluation;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM;

public sealed partial class SequenceCatalog
{
    /// <summary>
    /// How good a model's answers are: losses, errors and accuracies over all scored elements and by the sequences' length, and for classes
    /// which were taken for which. Answers per step and answers per sequence alike; the latter of ML.NET's own models, too, to compare
    /// with.
    /// </summary>
    /// <param name="data">Scored rows: what <see cref="ITransformer.Transform"/> of a model gave, label included.</param>
    /// <param name="labelColumnName">The label: Single, Boolean or keys, a vector or a scalar as in training. NaN and missing keys are left
    /// out.</param>
    /// <param name="scoreColumnName">The score.</param>
    /// <param name="exampleWeightColumnName">The column (Single, at least 0) that says how much a row counts; null: all the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not what it should be.</exception>
    /// <exception cref="InvalidOperationException">A row's label and score do not fit together.</exception>
    /// <example>
    /// <code>
    /// SequenceMetrics metrics = ml.Sequence.Evaluate(model.Transform(test));
    /// Console.WriteLine($"{metrics.ElementAccuracy:P1} of the answers, {metrics.SequenceAccuracy:P1} of the sequences without an error");
    /// </code>
    /// </example>
    public SequenceMetrics Evaluate(
        IDataView data, string labelColumnName = "Label", string scoreColumnName = AnswerColumns.Score,
            string? exampleWeightColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        (ScoreFormat format, string scores) = AnswerColumns.FormatOf(data.Schema, scoreColumnName);
        string[]? classes = data.Schema.GetColumnOrNull(labelColumnName) is { } label ? LabelClasses.Of(label)?.Format().Values : null;
        return SequenceEvaluator.Evaluate(data, format, labelColumnName, scores, exampleWeightColumnName, classes);
    }
}
