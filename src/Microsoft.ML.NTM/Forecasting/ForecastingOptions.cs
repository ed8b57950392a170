namespace Microsoft.ML.NTM;

/// <summary>What to forecast of a table with one row per time step, and from what.</summary>
public sealed record ForecastingOptions
{
    /// <summary>
    /// The columns to forecast, of Single: together, each of them for every row of the horizon. They are inputs, too. At least one;
    /// default: none, which is an error. Together where they depend on each other; else a model for each.
    /// </summary>
    public IReadOnlyList<string> ColumnNames { get; init; } = [];

    /// <summary>
    /// Further inputs of Single, scalar or of fixed size, known up to the last row of the history: weather, or the hour as a vector.
    /// Default: none. Each of them asks for more rows to learn from: try without first.
    /// </summary>
    public IReadOnlyList<string> InputColumnNames { get; init; } = [];

    /// <summary>
    /// The column that tells which series a row belongs to, a scalar of any type; null, the default: the table is one series. Without it,
    /// windows would reach from one series into the next.
    /// </summary>
    public string? SequenceColumnName { get; init; }

    /// <summary>
    /// The column that a series' rows are sorted by, a number, a date or a key; null, the default: they stand in order. Name it wherever a
    /// table may have been mixed.
    /// </summary>
    public string? OrderColumnName { get; init; }

    /// <summary>
    /// Rows that a forecast is made from, at least 1. Default 24. At least a season, where there is one; longer takes more rows to learn
    /// from, and a series that is shorter has no forecast.
    /// </summary>
    public int Window { get; init; } = 24;

    /// <summary>
    /// Rows ahead, at least 1: all of them are answered at once. Default 1. As far as you need and no farther: each row ahead is harder
    /// than the one before.
    /// </summary>
    public int Horizon { get; init; } = 1;

    /// <summary>
    /// In which form the network sees the series. Default <see cref="SeriesForm.Differences"/>. Levels where values swing around one that
    /// stays.
    /// </summary>
    public SeriesForm Form { get; init; } = SeriesForm.Differences;

    /// <summary>
    /// A sequence trainer of the columns <c>Features</c> (steps of a window) and <c>Label</c> (the rows that follow). Null, the default: an
    /// <see cref="LstmTrainer"/> with its defaults.
    /// </summary>
    public IEstimator<ITransformer>? Trainer { get; init; }

    /// <summary>How windows are cut: of differences one row more, since the first has none.</summary>
    internal PackOptions ToPacking() => new()
    {
        Features = [new PackColumn(SeriesColumns.Features, [.. ColumnNames, .. InputColumnNames])],
        Label = new PackColumn(SeriesColumns.Label, ColumnNames),
        LabelPlacement = LabelPlacement.Following,
        SequenceColumnName = SequenceColumnName,
        OrderColumnName = OrderColumnName,
        Window = Form == SeriesForm.Differences ? Window + 1 : Window,
        Horizon = Horizon,
    };

    /// <summary>Does nothing for sound options.</summary>
    /// <exception cref="ArgumentException">They contradict themselves; the message names every fault.</exception>
    internal void ThrowIfFaulty()
    {
        string[] faults = [.. Faults()];
        if (faults.Length > 0)
            throw new ArgumentException($"The options for forecasting cannot be used. {string.Join(" ", faults)}", "options");
    }

    private IEnumerable<string> Faults()
    {
        if (ColumnNames is null or [] || InputColumnNames is null || ColumnNames.Concat(InputColumnNames).Any(string.IsNullOrEmpty))
            yield return $"{nameof(ColumnNames)} must name at least one column, and no name may be empty.";
        else if (ColumnNames.Concat(InputColumnNames).GroupBy(name => name).FirstOrDefault(same => same.Count() > 1)?.Key is string twice)
            yield return $"Column '{twice}' is named twice.";
        if (!Enum.IsDefined(Form))
            yield return $"{nameof(Form)} must be one of {string.Join(", ", Enum.GetNames<SeriesForm>())}; it is {Form}.";
        if (Window is < 1 or >= PackOptions.MostRows)
            yield return $"{nameof(Window)} must be at least 1 and below {PackOptions.MostRows}, but is {Window}.";
        if (Horizon is < 1 or > PackOptions.MostRows)
            yield return $"{nameof(Horizon)} must be at least 1 and at most {PackOptions.MostRows}, but is {Horizon}.";
    }
}
