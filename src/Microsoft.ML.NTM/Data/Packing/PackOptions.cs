using Microsoft.ML.Data;

namespace Microsoft.ML.NTM;

/// <summary>How a table with one row per time step becomes a view with one row per sequence.</summary>
public sealed record PackOptions
{
    /// <summary>Rows that a window, a stride or a horizon may have: places among the rows so never overflow.</summary>
    internal const int MostRows = 1 << 24;

    /// <summary>
    /// The column that tells which sequence a row belongs to, a scalar of any type; null, the default: the table is one series. A missing
    /// id (an empty text, NaN, the missing key) is an error, and so is a Single of 16,777,216 or more, beyond which Single no longer tells
    /// whole numbers apart.
    /// </summary>
    public string? SequenceColumnName { get; init; }

    /// <summary>
    /// The column that rows of a sequence are sorted by, earliest first; null, the default: they stand in order. Rows with equal values
    /// stay as they stand in the table. A missing value is an error, and so is a Single of 16,777,216 or more (seconds since 1970, for one:
    /// load those as Double or Int64). Name it wherever a table may have been mixed.
    /// </summary>
    public string? OrderColumnName { get; init; }

    /// <summary>
    /// The columns to make of features, at least one; most often one called <c>Features</c>. Default: none, which is an error.
    /// </summary>
    public IReadOnlyList<PackColumn> Features { get; init; } = [];

    /// <summary>
    /// The column to make of labels, or null, the default. Fitting needs its sources; a table to score need not have them, and then has no
    /// label (nor where the source is text, which only training maps to keys).
    /// </summary>
    public PackColumn? Label { get; init; }

    /// <summary>
    /// Which rows' labels a sequence has. Default <see cref="LabelPlacement.EveryStep"/>: an answer per row; <see
    /// cref="LabelPlacement.Last"/> is one answer for all of them.
    /// </summary>
    public LabelPlacement LabelPlacement { get; init; } = LabelPlacement.EveryStep;

    /// <summary>
    /// Steps per sequence, at least 1, cut from the rows as a sliding window; null, the default: all rows of a sequence. As long as what
    /// decides an answer; sequences with fewer rows give no window.
    /// </summary>
    public int? Window { get; init; }

    /// <summary>
    /// Rows from the start of one window to the start of the next, from 1. Default 1: every window there is. As long as the window, windows
    /// share no rows. A greater one makes training faster where neighbouring windows say the same.
    /// </summary>
    public int Stride { get; init; } = 1;

    /// <summary>
    /// How many rows ahead labels are, from 0. Default 0: the label stands in the row itself. 1 forecasts the next row; with <see
    /// cref="LabelPlacement.Following"/>, so many rows are answered.
    /// </summary>
    public int Horizon { get; init; }

    /// <summary>
    /// Whether a sequence's rows stand together, so that only one sequence at a time (with a window: only about one window) is held in
    /// memory; where false, all rows are. Null, the default: found out by one look at the column of ids, before rows are first read. Say
    /// true to save that look; it is an error where they do not.
    /// </summary>
    public bool? RowsAreGrouped { get; init; }

    /// <summary>
    /// Whether sequences whose labels would be beyond the last row are given too, with missing labels (NaN, or the missing key): what is
    /// not known yet is so forecast. Trainers pass such rows over, and evaluators leave them out. A table without the label's sources gives
    /// them in any case; one with a Boolean label in no case, since Booleans cannot be missing. Default true. False where only what can be
    /// measured is wanted.
    /// </summary>
    public bool IncludeUnlabeled { get; init; } = true;

    /// <summary>
    /// The same options for a table that need not have the label: without it where a source is not there, or is text that only training
    /// maps to keys.
    /// </summary>
    internal PackOptions For(DataViewSchema table) => Label is { Sources: { } sources } && sources.Any(source => source is not null
        && table.GetColumnOrNull(source)?.Type is null or TextDataViewType) ? this with { Label = null } : this;

    /// <summary>Does nothing for sound options.</summary>
    /// <exception cref="ArgumentException">The options contradict themselves; the message names every fault.</exception>
    internal void ThrowIfFaulty()
    {
        string[] faults = [.. Faults()];
        if (faults.Length > 0)
            throw new ArgumentException($"The options for packing cannot be used. {string.Join(" ", faults)}", "options");
    }

    /// <summary>Everything that is wrong with the options themselves.</summary>
    internal IEnumerable<string> Faults()
    {
        PackColumn?[] columns = [.. Features, .. Label is null ? [] : new[] { Label }];
        if (columns.Any(column => column is null || string.IsNullOrEmpty(column.Name) || column.Sources is null
            || column.Sources.Any(string.IsNullOrEmpty)))
        {
            yield return "Every column needs a name, and so does every source.";
            yield break;
        }
        if (Features.Count == 0 || Features.Any(column => column.Sources.Count == 0))
            yield return "At least one feature column is needed, and each needs a source.";
        if (SequenceColumnName is "")
            yield return $"{nameof(SequenceColumnName)} must name a column or be null; it is empty.";
        if (OrderColumnName is "")
            yield return $"{nameof(OrderColumnName)} must name a column or be null; it is empty.";
        if (!Enum.IsDefined(LabelPlacement))
            yield return $"{nameof(LabelPlacement)} must be one of {string.Join(", ", Enum.GetNames<LabelPlacement>())}; it is "
                + $"{LabelPlacement}.";
        if (Window is < 1 or > MostRows)
            yield return $"{nameof(Window)} must be at least 1 and at most {MostRows}, or null, but is {Window}.";
        if (Stride is < 1 or > MostRows)
            yield return $"{nameof(Stride)} must be at least 1 and at most {MostRows}, but is {Stride}.";
        if (Horizon is < 0 or > MostRows)
            yield return $"{nameof(Horizon)} must be at least 0 and at most {MostRows}, but is {Horizon}.";
        if (Label is not null && LabelPlacement == LabelPlacement.Following && Horizon < 1)
            yield return $"{nameof(Horizon)} must be at least 1 for labels of the following rows, but is {Horizon}.";
        if (Label is { Sources.Count: 0 })
            yield return "The label column needs a source.";
        string[] names = [.. Features.Select(column => column.Name), .. Label is null ? [] : new[] { Label.Name },
            .. SequenceColumnName is null ? [] : new[] { SequenceColumnName }];
        foreach (string name in names.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => same.Key))
            yield return $"Column '{name}' would be made twice.";
    }
}
