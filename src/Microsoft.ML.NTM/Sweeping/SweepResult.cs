using Microsoft.ML.Data;

namespace Microsoft.ML.NTM;

/// <summary>What a sweep found.</summary>
public class SweepResult
{
    internal SweepResult(IReadOnlyList<SweepTrial> trials, SweepTrial best, ITransformer model, IReadOnlyList<SweepImportance> importance,
        SweepSpace space, string metricName) =>
        (Trials, Best, Model, Importance, Space, MetricName) = (trials, best, model, importance, space, metricName);

    /// <summary>All trials, by number.</summary>
    public IReadOnlyList<SweepTrial> Trials { get; }

    /// <summary>
    /// The best trial: of the settings that were best on average over their seeds where the best were made again, else of all. It may
    /// itself be one that was made again.
    /// </summary>
    public SweepTrial Best { get; }

    /// <summary>The best trial's model.</summary>
    public ITransformer Model { get; }

    /// <summary>How much each parameter mattered, the most first; empty with fewer than 8 trials.</summary>
    public IReadOnlyList<SweepImportance> Importance { get; }

    /// <summary>What was varied.</summary>
    public SweepSpace Space { get; }

    /// <summary>What <see cref="SweepTrial.Metric"/> is.</summary>
    public string MetricName { get; }

    /// <summary>
    /// The trials as a table: Trial, Seed, Status, Metric (NaN if there is none), RelativeCost, Seconds; and the settings twice, as text in
    /// Settings and as numbers in Values (a choice by its index, NaN where it has none), with the parameters' names as SlotNames.
    /// </summary>
    public IDataView ToDataView(MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        int count = Space.Parameters.Count;
        Row[] rows = [.. Trials.Select(trial => new Row
        {
            Trial = trial.Number,
            Seed = trial.Seed,
            Status = trial.Status.ToString(),
            Metric = trial.Metric ?? double.NaN,
            RelativeCost = trial.RelativeCost,
            Seconds = trial.Elapsed.TotalSeconds,
            Settings = [.. Space.Parameters.Select(parameter => trial.Values.TryGetValue(parameter.Name, out object? value)
                ? parameter.ToText(parameter.ToNumber(value)) : "")],
            Values = [.. Space.Parameters.Select(parameter => trial.Values.TryGetValue(parameter.Name, out object? value)
                ? parameter.ToNumber(value) : double.NaN)],
        })];
        var definition = SchemaDefinition.Create(typeof(Row));
        if (count == 0)
        {
            definition.Remove(definition[nameof(Row.Settings)]);
            definition.Remove(definition[nameof(Row.Values)]);
            return mlContext.Data.LoadFromEnumerable(rows, definition);
        }
        ReadOnlyMemory<char>[] names = [.. Space.Parameters.Select(parameter => parameter.Name.AsMemory())];
        var slots = new VBuffer<ReadOnlyMemory<char>>(count, names);
        foreach (string column in new[] { nameof(Row.Settings), nameof(Row.Values) })
        {
            PrimitiveDataViewType type = column == nameof(Row.Values) ? NumberDataViewType.Double : TextDataViewType.Instance;
            definition[column].ColumnType = new VectorDataViewType(type, count);
            definition[column].AddAnnotation("SlotNames", slots, new VectorDataViewType(TextDataViewType.Instance, count));
        }
        return mlContext.Data.LoadFromEnumerable(rows, definition);
    }

    private sealed class Row
    {
        public int Trial { get; set; }
        public int Seed { get; set; }
        public string Status { get; set; } = "";
        public double Metric { get; set; }
        public double RelativeCost { get; set; }
        public double Seconds { get; set; }
        public string[] Settings { get; set; } = [];
        public double[] Values { get; set; } = [];
    }
}

/// <summary>What a sweep over a trainer's options found.</summary>
/// <typeparam name="TOptions">The options.</typeparam>
public sealed class SweepResult<TOptions> : SweepResult
    where TOptions : SequenceTrainerOptions
{
    internal SweepResult(SweepResult found, TOptions options)
        : base(found.Trials, found.Best, found.Model, found.Importance, found.Space, found.MetricName) => Options = options;

    /// <summary>
    /// The best trial's options, to train with again: its seed and iterations included, progress and checkpoints as they were given.
    /// </summary>
    public TOptions Options { get; }
}
