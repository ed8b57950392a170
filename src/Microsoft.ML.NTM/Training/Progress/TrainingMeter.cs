using System.Diagnostics.Metrics;

namespace Microsoft.ML.NTM.Training;

/// <summary>
/// The meter "Microsoft.ML.NTM" for dotnet-counters, OpenTelemetry and whoever else listens to .NET's metrics: what each report says.
/// Nobody listening, nothing is done but asking whether somebody does.
/// </summary>
internal static class TrainingMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Microsoft.ML.NTM";

    private static readonly Meter s_meter = new(Name);
    private static readonly Gauge<double> s_loss = Number("loss", "{nat}", "Mean loss per sequence since the last report.");
    private static readonly Gauge<double> s_validation = Number("validation_loss", "{nat}", "The latest validation loss per sequence.");
    private static readonly Gauge<double> s_rate = Number("learning_rate", null, "The last step's learning rate.");
    private static readonly Gauge<double> s_norm = Number("gradient_norm", null, "Mean norm of the gradient before clipping.");
    private static readonly Gauge<double> s_speed = Number("speed", "{sequence}/s", "Sequences trained per second since the last report.");
    private static readonly Gauge<long> s_iteration = Count("iteration", "{iteration}", "Parameter updates since the start.");
    private static readonly Gauge<long> s_skipped = Count("skipped_steps", "{step}", "Steps skipped because of faults.");

    /// <summary>Passes a report on.</summary>
    public static void Record(TrainingProgress progress)
    {
        s_loss.Record(progress.Loss);
        if (progress.ValidationLoss is { } validation)
            s_validation.Record(validation);
        s_rate.Record(progress.LearningRate);
        s_norm.Record(progress.GradientNorm);
        s_speed.Record(progress.SequencesPerSecond);
        s_iteration.Record(progress.Iteration);
        s_skipped.Record(progress.SkippedSteps);
    }

    private static Gauge<double> Number(string name, string? unit, string what) =>
        s_meter.CreateGauge<double>($"ntm.training.{name}", unit, what);

    private static Gauge<long> Count(string name, string unit, string what) =>
        s_meter.CreateGauge<long>($"ntm.training.{name}", unit, what);
}
