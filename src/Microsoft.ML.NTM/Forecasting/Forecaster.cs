using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Data.Packing;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM;

/// <summary>Asks a fitted pipeline for the rows after the last of each series.</summary>
internal sealed class Forecaster
{
    private readonly MLContext _context;
    private readonly ITransformer[] _before, _after;
    private readonly PackTransformer _pack;
    private readonly int _horizon;
    private readonly IReadOnlyList<string> _columns;

    /// <exception cref="ArgumentException">The pipeline does not forecast the rows that follow a window.</exception>
    public Forecaster(MLContext context, ITransformer model)
    {
        _context = context;
        ITransformer[] parts = [.. PipelineParts.Of(model)];
        int place = Array.FindIndex(parts, part => part is PackTransformer);
        if (place < 0 || ((PackTransformer)parts[place]).Options is not { Window: not null, Label: not null } options
            || options.LabelPlacement != LabelPlacement.Following)
        {
            throw new ArgumentException("A forecast needs a pipeline that packs windows and answers the rows that follow them "
                + "(LabelPlacement.Following), as Forecasting makes it.", nameof(model));
        }
        (_before, _after) = (parts[..place], parts[(place + 1)..]);
        // Every window up to the newest, whatever was trained on.
        _pack = new PackTransformer(options with { Label = null, Stride = 1 });
        (_horizon, _columns) = (options.Horizon, options.Label.Sources);
    }

    /// <summary>The forecasts, in the order in which the series first appear.</summary>
    /// <exception cref="ArgumentException">More rows are wanted than answers can be fed back for.</exception>
    /// <exception cref="InvalidOperationException">A series has fewer rows than a window.</exception>
    public IReadOnlyList<SeriesForecast> Forecast(IDataView history, int? horizon)
    {
        int rows = horizon ?? _horizon;
        if (rows > _horizon && !CanGoOn)
        {
            string inputs = string.Join(", ", _pack.Options.Features.SelectMany(column => column.Sources));
            throw new ArgumentException($"This model forecasts {_horizon} rows. For more, its own answers would be its inputs, "
                + $"and it has other inputs, too: [{inputs}].", nameof(horizon));
        }
        IDataView packed = _pack.Transform(Apply(_before, history));
        (List<long> newest, List<string>? names) = Newest(packed);
        IDataView windows = new PartialView(packed, new HashSet<long>(newest).Contains);
        List<float>[] values = [.. newest.Select(_ => new List<float>())];
        float[][]? steps = rows > _horizon ? [.. windows.GetColumn<float[]>(_pack.Options.Features[0].Name)] : null;
        Answer(windows, values);
        for (int known = _horizon; known < rows; known += _horizon)
        {
            for (int s = 0; s < steps!.Length; s++)
                steps[s] = [.. steps[s].Concat(values[s].TakeLast(_horizon * _columns.Count)).TakeLast(steps[s].Length)];
            Answer(View(steps, packed.Schema), values);
        }
        return [.. values.Select((series, s) => new SeriesForecast(names?[s], _columns,
            [.. series.Chunk(_columns.Count).Take(rows).Select(step => (IReadOnlyList<float>)step.AsReadOnly())]))];
    }

    private bool CanGoOn => _pack.Options.Features is [{ } only] && only.Sources.SequenceEqual(_columns);

    private static IDataView Apply(ITransformer[] parts, IDataView data) => parts.Aggregate(data, (view, part) => part.Transform(view));

    private void Answer(IDataView windows, List<float>[] into)
    {
        int s = 0;
        foreach (float[] score in Apply(_after, windows).GetColumn<float[]>(SeriesColumns.Score))
        {
            if (score.Length != _horizon * _columns.Count)
            {
                throw new InvalidOperationException($"A forecast of {_horizon} rows of {_columns.Count} columns needs as many numbers; "
                    + $"this model has {score.Length} answers.");
            }
            into[s++].AddRange(score);
        }
    }

    // The place of each series' last window, and what the series is called.
    private (List<long> Places, List<string>? Names) Newest(IDataView packed)
    {
        string? id = _pack.Options.SequenceColumnName;
        using DataViewRowCursor cursor = packed.GetRowCursor(id is null ? [] : [packed.Schema[id]]);
        SequenceIdColumn? ids = id is null ? null : SequenceIdColumn.Create(cursor, packed.Schema[id]);
        var places = new List<long>();
        List<string>? names = ids is null ? null : [];
        string[]? keyNames = id is null ? null : LabelClasses.Of(packed.Schema[id])?.Format().Values;
        while (cursor.MoveNext())
        {
            if (ids is null ? places.Count == 0 : ids.Keep())
            {
                places.Add(0);
                names?.Add(Named(ids!.Text, keyNames));
            }
            places[^1] = cursor.Position;
        }
        return places.Count > 0 ? (places, names)
            : throw new InvalidOperationException($"A forecast needs at least {_pack.Options.Window} rows; the history has fewer.");
    }

    // A key is what it stands for, where the column knows that.
    private static string Named(string id, string[]? keyNames) => keyNames is not null
        && int.TryParse(id, CultureInfo.InvariantCulture, out int key) && key >= 1 && key <= keyNames.Length ? keyNames[key - 1] : id;

    private IDataView View(float[][] inputs, DataViewSchema packed)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Window));
        SchemaDefinition.Column column = schema[nameof(Window.Values)];
        column.ColumnName = _pack.Options.Features[0].Name;
        column.ColumnType = packed[column.ColumnName].Type;
        return _context.Data.LoadFromEnumerable(inputs.Select(values => new Window { Values = values }), schema);
    }

    private sealed class Window
    {
        public float[] Values { get; set; } = [];
    }
}
