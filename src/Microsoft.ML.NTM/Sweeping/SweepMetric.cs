using Microsoft.ML.Data;
using Microsoft.ML.NTM.Evaluation;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM;

/// <summary>What a sweep judges a trained model by: one number from the validation data that the model has scored.</summary>
public sealed class SweepMetric
{
    private readonly Func<MLContext, IDataView, double> _measure;

    /// <summary>A measure of your own.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="higherIsBetter">Which way is better.</param>
    /// <param name="measure">The number from a context and the scored rows. What is no number counts as worst.</param>
    public SweepMetric(string name, bool higherIsBetter, Func<MLContext, IDataView, double> measure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(measure);
        (Name, HigherIsBetter, _measure) = (name, higherIsBetter, measure);
    }

    /// <summary>What reports call it.</summary>
    public string Name { get; }

    /// <summary>Which way is better.</summary>
    public bool HigherIsBetter { get; }

    /// <summary>
    /// A number of <see cref="SequenceMetrics"/>, for labels with an answer per step: <c>OfSequences("Errors", false, m =>
    /// m.ErrorsPerSequence)</c>.
    /// </summary>
    public static SweepMetric OfSequences(string name, bool higherIsBetter, Func<SequenceMetrics, double> number,
        string labelColumnName = "Label") =>
        new(name, higherIsBetter, (_, scored) => number(Sequences(scored, labelColumnName)));

    /// <summary><see cref="SequenceMetrics.Loss"/> per sequence.</summary>
    public static SweepMetric Loss(string labelColumnName = "Label") =>
        OfSequences("Loss", false, metrics => metrics.Loss, labelColumnName);

    /// <summary><see cref="SequenceMetrics.SequenceAccuracy"/>.</summary>
    public static SweepMetric SequenceAccuracy(string labelColumnName = "Label") =>
        OfSequences("Sequence accuracy", true, metrics => metrics.SequenceAccuracy, labelColumnName);

    /// <summary><see cref="SequenceMetrics.StepAccuracy"/>.</summary>
    public static SweepMetric StepAccuracy(string labelColumnName = "Label") =>
        OfSequences("Step accuracy", true, metrics => metrics.StepAccuracy, labelColumnName);

    /// <summary><see cref="SequenceMetrics.RootMeanSquaredError"/> per element.</summary>
    public static SweepMetric RootMeanSquaredErrorPerStep(string labelColumnName = "Label") =>
        OfSequences("RMSE", false, metrics => metrics.RootMeanSquaredError, labelColumnName);

    /// <summary><see cref="MulticlassClassificationMetrics.MicroAccuracy"/>, for one key per sequence.</summary>
    public static SweepMetric MicroAccuracy(string labelColumnName = "Label") =>
        new("Micro-accuracy", true, (ml, scored) => ml.MulticlassClassification.Evaluate(scored, labelColumnName).MicroAccuracy);

    /// <summary><see cref="MulticlassClassificationMetrics.LogLoss"/>, for one key per sequence.</summary>
    public static SweepMetric LogLoss(string labelColumnName = "Label") =>
        new("Log-loss", false, (ml, scored) => ml.MulticlassClassification.Evaluate(scored, labelColumnName).LogLoss);

    /// <summary><see cref="BinaryClassificationMetrics.AreaUnderRocCurve"/>, for one Boolean per sequence.</summary>
    public static SweepMetric AreaUnderRocCurve(string labelColumnName = "Label") =>
        new("AUC", true, (ml, scored) => ml.BinaryClassification.Evaluate(scored, labelColumnName).AreaUnderRocCurve);

    /// <summary><see cref="RegressionMetrics.RootMeanSquaredError"/>, for one number per sequence.</summary>
    public static SweepMetric RootMeanSquaredError(string labelColumnName = "Label") =>
        new("RMSE", false, (ml, scored) => ml.Regression.Evaluate(scored, labelColumnName).RootMeanSquaredError);

    /// <summary>The number, turned so that lower is better.</summary>
    internal double Objective(MLContext context, IDataView scored)
    {
        double number = _measure(context, scored);
        return HigherIsBetter ? -number : number;
    }

    private static SequenceMetrics Sequences(IDataView scored, string labelColumnName)
    {
        (ScoreFormat format, string scores) = AnswerColumns.FormatOf(scored.Schema, AnswerColumns.Score);
        return SequenceEvaluator.Evaluate(scored, format, labelColumnName, scores);
    }
}
