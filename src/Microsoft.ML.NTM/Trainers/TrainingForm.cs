using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Trainers;

/// <summary>The form in which data is trained on: its columns' types decide it, and one look at the leading rows.</summary>
internal static class TrainingForm
{
    /// <summary>The form with the scaling of its numbers; says in the log what was found.</summary>
    /// <param name="data">What is to be trained on, without what is held back.</param>
    /// <param name="format">Its form by its columns' types.</param>
    /// <param name="columns">What the options say about it.</param>
    /// <param name="initialModel">The model to go on from, whose scaling is kept; or null.</param>
    /// <param name="channels">The log.</param>
    /// <param name="rows">How many rows were looked at: all or fewer.</param>
    /// <exception cref="InvalidOperationException">A row cannot serve, there are none, or none has anything to score.</exception>
    public static SequenceFormat Measure(
        IDataView data, SequenceFormat format, SequenceColumns columns, SequenceFormat? initialModel, TrainingChannels channels,
        out long rows)
    {
        DataSurvey survey = DataPasses.Named("the pass that measures the training data",
            () => DataSurvey.Of(data, format, columns, keeps: initialModel is not null, channels.CheckAlive));
        rows = survey.Rows;
        Warn(survey, data.Schema, format.Label.ColumnName, channels);
        format = initialModel is null ? survey.Format : format.WithScalingOf(initialModel);
        if (Describe(format) is string scaling)
            channels.Note(scaling);
        return format;
    }

    private static void Warn(DataSurvey survey, DataViewSchema schema, string label, ITrainingObserver channels)
    {
        foreach ((string column, int channel) in survey.EmptyChannels)
        {
            string source = PackedOrigin.SourceOf(schema[column], channel) is string name ? $"'{name}' in column"
                : $"value {channel} of column";
            channels.Warn(FormattableString.Invariant($"Features: {source} '{column}' is NaN in all of the first {survey.Rows} sequences ")
                + "and teaches nothing. Texts that are no numbers, such as decimal commas, load as NaN.");
        }
        if (survey.ScoredTargets * 2 < survey.Targets)
        {
            long without = survey.Targets - survey.ScoredTargets;
            string why = FollowingLabel.Marks(schema[label])
                ? "are missing or beyond the last row and teach nothing; a shorter window or horizon leaves more."
                : "are not scored (NaN or missing keys) and teach nothing.";
            channels.Warn(FormattableString.Invariant($"Column '{label}': {without} of {survey.Targets} values in the first {survey.Rows} ")
                + $"sequences {why}");
        }
    }

    private static string? Describe(SequenceFormat format)
    {
        int numbers = format.Features.Sum(feature => feature.IsKey ? 0 : feature.ValuesPerStep),
            scaled = format.Features.Sum(feature => feature.Scaling?.Scaled() ?? 0);
        string? label = format.Label.Scaling is null ? null
            : $"The label '{format.Label.ColumnName}' is standardized: losses are in squared deviations, 1 per number for the mean as "
                + "answer.";
        string? features = scaled == 0 ? null : FormattableString.Invariant($"Of {numbers} channels of numbers {scaled} are scaled.");
        return label is null && features is null ? null : string.Join(" ", new[] { features, label }.Where(text => text is not null));
    }
}
