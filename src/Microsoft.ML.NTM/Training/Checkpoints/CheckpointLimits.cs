using System.Globalization;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Model.Safetensors;

namespace Microsoft.ML.NTM.Training.Checkpoints;

/// <summary>
/// What a training can have remembered: a checkpoint is someone's file, and a number that no training has (a negative step, an average of
/// squares
/// below 0) would come out as weights that are none.
/// </summary>
internal static class CheckpointLimits
{
    // Beyond it whole numbers cannot be told apart in double precision; a training of a million iterations a second takes 285 years.
    private const double MostSteps = 1L << 53;

    // What no sum of losses, gradient norms or seconds comes near.
    private const double Largest = 1e300, MostSeconds = 1e10;

    private static readonly Dictionary<string, (double Least, double Most)> s_numbers = new()
    {
        ["iteration"] = (0, MostSteps),
        ["optimizer.steps"] = (0, MostSteps),
        ["learning_rate"] = (0, 1000),
        ["guard.strain"] = (0, MostSteps),
        ["guard.good_steps"] = (0, MostSteps),
        ["guard.rollbacks_in_a_row"] = (0, MostSteps),
        ["guard.skipped"] = (0, MostSteps),
        ["guard.rollbacks"] = (0, MostSteps),
        ["guard.rate_factor"] = (0, 1),
        ["best.loss"] = (-Largest, double.PositiveInfinity),
        ["best.iteration"] = (-1, MostSteps),
        ["best.last_iteration"] = (-1, MostSteps),
        ["best.without_improvement"] = (0, MostSteps),
        ["meter.elapsed_seconds"] = (0, MostSeconds),
        ["meter.window_seconds"] = (0, MostSeconds),
        ["meter.loss_sum"] = (-Largest, Largest),
        ["meter.norm_sum"] = (0, Largest),
        ["meter.good_sequences"] = (0, MostSteps),
        ["meter.good_steps"] = (0, MostSteps),
        ["meter.window_sequences"] = (0, MostSteps),
        ["meter.sequences"] = (0, MostSteps),
    };

    /// <summary>Does nothing for a text that is no number, or a number within its bounds.</summary>
    /// <exception cref="InvalidDataException">It is outside.</exception>
    internal static void Check(string name, string text)
    {
        if (!s_numbers.TryGetValue(name, out (double Least, double Most) bounds))
            return;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            || !(value >= bounds.Least && value <= bounds.Most))
        {
            throw Outside($"its '{Quoted.Text(name)}'", bounds.Least, bounds.Most, $"'{Quoted.Text(text)}'");
        }
    }

    /// <summary>Does nothing for a tensor of numbers that parameters, their averages or their changes can be.</summary>
    /// <exception cref="InvalidDataException">A number is too large, or a mean square is negative.</exception>
    internal static void Check(SafetensorsEntry entry, ReadOnlySpan<float> values)
    {
        float least = entry.Name.EndsWith("mean_square", StringComparison.Ordinal) ? 0 : float.MinValue;
        float most = entry.Name.StartsWith("training.optimizer.", StringComparison.Ordinal) ? float.MaxValue : UpdateRule.LargestParameter;
        for (int i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= Math.Max(least, -most) && values[i] <= most))
                throw Outside($"number {i} of its '{entry.NameText}'", Math.Max(least, -most), most,
                    FormattableString.Invariant($"{values[i]}"));
        }
    }

    private static InvalidDataException Outside(string what, double least, double most, string found) => new(
        FormattableString.Invariant($"The checkpoint is damaged: {what} must be a number from {least} to {most}; it is {found}."));
}
