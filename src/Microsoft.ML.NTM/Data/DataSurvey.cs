using System.Globalization;

namespace Microsoft.ML.NTM.Data;

/// <summary>
/// One look at the training data before training: what numbers are scaled by, and whether labels say anything. Reads the leading rows in
/// the order of the data, so that the same data always gives the same scaling; the rest of the data is taken to be like them.
/// </summary>
internal sealed class DataSurvey
{
    /// <summary>Rows that are measured at most.</summary>
    public const int MaxRows = 100_000;

    /// <summary>Numbers of features and labels that are measured at most, whole rows.</summary>
    public const int MaxValues = 10_000_000;

    /// <summary>Rows whose labels are counted where there is nothing to measure.</summary>
    public const int CountedRows = 1_000;

    private const int FirstTargets = 5;

    private readonly SequenceFormat _format;
    private readonly SequenceColumns _columns;
    private readonly ChannelMoments?[] _features;
    private readonly StepSample?[] _samples;
    private readonly ChannelMoments? _label;
    private readonly List<float> _first = [];

    private DataSurvey(SequenceFormat format, SequenceColumns columns, bool measures)
    {
        (_format, _columns) = (format, columns);
        bool numbers = measures && columns.FeatureScaling != SequenceScaling.None;
        _features = [.. format.Features.Select(feature => numbers && !feature.IsKey ? new ChannelMoments(feature.ValuesPerStep) : null)];
        bool automatic = columns.FeatureScaling == SequenceScaling.Auto;
        _samples = [.. format.Features.Select(feature => numbers && automatic && !feature.IsKey ? new StepSample(feature.ValuesPerStep)
            : null)];
        if (measures && columns.LabelScaling != SequenceScaling.None && format.Spec.Loss == SequenceLoss.SquaredError)
            _label = new ChannelMoments(format.OutputSize);
        Format = format;
    }

    /// <summary>The format with what its numbers are to be scaled by.</summary>
    public SequenceFormat Format { get; private set; }

    /// <summary>Rows that were read.</summary>
    public long Rows { get; private set; }

    /// <summary>Of them, those with something to score.</summary>
    public long ScoredRows { get; private set; }

    /// <summary>Values of their labels.</summary>
    public long Targets { get; private set; }

    /// <summary>Of them, those that are scored.</summary>
    public long ScoredTargets { get; private set; }

    /// <summary>
    /// The channels of numbers without a single number, by column and place in its steps; only where numbers are measured.
    /// </summary>
    public IReadOnlyList<(string Column, int Channel)> EmptyChannels =>
    [
        .. from feature in _format.Features.Zip(_features)
           where feature.Second is not null
           from channel in Enumerable.Range(0, feature.Second.Channels)
           where feature.Second.Count(channel) == 0
           select (feature.First.ColumnName, channel),
    ];

    private bool Measures => _label is not null || _features.Any(feature => feature is not null);

    /// <summary>Looks at the data.</summary>
    /// <param name="data">What is to be trained on.</param>
    /// <param name="format">Its form, without scaling.</param>
    /// <param name="columns">What is asked for.</param>
    /// <param name="keeps">Whether the scaling is another model's, so that labels are only counted.</param>
    /// <param name="checkAlive">Called from row to row; throws to end it.</param>
    /// <exception cref="InvalidOperationException">A row cannot serve, there are none, or none has anything to score.</exception>
    public static DataSurvey Of(IDataView data, SequenceFormat format, SequenceColumns columns, bool keeps, Action checkAlive)
    {
        var survey = new DataSurvey(format, columns, !keeps);
        // Booleans always say something, so that there may be nothing to look for.
        if (survey.Measures || format.Label.Kind != LabelKind.Boolean)
            survey.Read(data, checkAlive);
        return survey;
    }

    private void Read(IDataView data, Action checkAlive)
    {
        int maxRows = Measures ? MaxRows : CountedRows;
        long values = 0;
        using DataViewRowCursor cursor = data.GetRowCursor(SequenceSchema.Check(_format, data.Schema, ColumnUse.Training));
        var reader = new SequenceRowReader(cursor, _format, ColumnUse.Training);
        var row = new SequenceRow();
        // Where nothing is scored yet, the reason to go on is to find out whether anything ever is.
        while ((Rows < maxRows && values < MaxValues || ScoredTargets == 0) && cursor.MoveNext())
        {
            checkAlive();
            if (!reader.Read(row, cursor.Position))
                continue;
            bool measured = Rows < maxRows && values < MaxValues;
            Rows++;
            values += row.ValueCount;
            Count(row);
            if (measured)
                Measure(row);
        }
        if (Rows == 0)
            throw SequenceErrors.NoRows(data.Schema[_format.Features[0].ColumnName]);
        if (ScoredTargets == 0)
            throw NothingToScore();
        if (EmptyChannels.Count > 0 && EmptyChannels.Count == _format.Features.Sum(feature => feature.ValuesPerStep))
            throw NothingToRead();
        if (Measures)
            Format = Scaled();
    }

    private void Count(SequenceRow row)
    {
        int scored = 0;
        foreach (float target in row.Targets)
        {
            scored += float.IsNaN(target) ? 0 : 1;
            if (_first.Count < FirstTargets)
                _first.Add(target);
        }
        Targets += row.Targets.Length;
        ScoredTargets += scored;
        ScoredRows += scored > 0 ? 1 : 0;
    }

    private void Measure(SequenceRow row)
    {
        _label?.Add(row.Targets);
        if (row.IsEmpty)
            return;
        ReadOnlySpan<float> numbers = row.Numbers;
        for (int i = 0; i < _features.Length; i++)
        {
            if (_format.Features[i].IsKey)
                continue;
            int count = row.InputSteps * _format.Features[i].ValuesPerStep;
            _features[i]?.Add(numbers[..count]);
            _samples[i]?.Add(numbers[..count]);
            numbers = numbers[count..];
        }
    }

    private SequenceFormat Scaled() => _format with
    {
        Features = [.. _format.Features.Select((feature, i) => _features[i] is not { } moments ? feature : feature with
        {
            Scaling = ScalingRules.Features(_columns.FeatureScaling, moments, _samples[i]),
        })],
        Label = _label is null ? _format.Label : _format.Label with { Scaling = ScalingRules.Targets(_columns.LabelScaling, _label) },
    };

    private InvalidOperationException NothingToRead() => new(
        $"Column '{_format.Features[0].ColumnName}': expected numbers to learn from, got none but NaN in {Rows} rows (texts that are no "
        + "numbers, such as decimal commas, are read as NaN).");

    private InvalidOperationException NothingToScore()
    {
        string first = string.Join(", ", _first.Select(value => float.IsNaN(value) && _format.Label.Kind == LabelKind.Key ? "missing"
            : value.ToString(CultureInfo.InvariantCulture)));
        string cure = _format.Label.Kind == LabelKind.Key
            ? "keys that were not among those of MapValueToKey are missing"
            : "texts that are no numbers, such as decimal commas, are read as NaN";
        return new InvalidOperationException(
            $"Column '{_format.Label.ColumnName}': expected labels to learn from, got none in {Rows} rows: the first "
            + $"values are {(first == "" ? "empty vectors" : first)} ({cure}).");
    }
}
