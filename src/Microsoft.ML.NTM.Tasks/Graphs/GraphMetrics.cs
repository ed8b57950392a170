using Microsoft.ML.Data;

namespace Microsoft.ML.NTM;

/// <summary>Answers about graphs, counted as the paper does. Accumulates over any number of calls.</summary>
public sealed class GraphMetrics
{
    /// <summary>Sequences seen.</summary>
    public long Paths { get; private set; }

    /// <summary>Sequences whose every scored step, the end included, has all nine digits right.</summary>
    public long PathsRight { get; private set; }

    /// <summary>Triples asked for; the end of an answer is not one.</summary>
    public long Triples { get; private set; }

    /// <summary>Triples with all nine digits right.</summary>
    public long TriplesRight { get; private set; }

    /// <summary>Sequences whose features were given too, so that paths were followed in their graphs.</summary>
    public long PathsFollowed { get; private set; }

    /// <summary>
    /// Of those, answers that lead through the graph from the source to the destination with the fewest edges, and then end.
    /// </summary>
    public long MinimalPaths { get; private set; }

    /// <summary>Share of triples right; NaN without any.</summary>
    public double TripleAccuracy => (double)TriplesRight / Triples;

    /// <summary>Share of whole answers right; NaN without any.</summary>
    public double PathAccuracy => (double)PathsRight / Paths;

    /// <summary>Share of minimal paths: the score of shortest path. NaN where no features were given.</summary>
    public double MinimalPathShare => (double)MinimalPaths / PathsFollowed;

    /// <summary>Counts one answer.</summary>
    /// <param name="label">The wanted digits' keys, 0 where nothing is scored: T x 9.</param>
    /// <param name="predicted">The digits' keys given: T x 9.</param>
    /// <exception cref="ArgumentException">The lengths differ or are not whole steps.</exception>
    public void Add(ReadOnlySpan<uint> label, ReadOnlySpan<uint> predicted)
    {
        if (label.Length != predicted.Length || label.Length % GraphCode.Digits != 0)
            throw new ArgumentException(
                $"The label has {label.Length} keys, the prediction {predicted.Length}: expected equal, whole steps of {GraphCode.Digits}.",
                nameof(predicted));
        bool all = true;
        for (int start = 0; start < label.Length; start += GraphCode.Digits)
        {
            ReadOnlySpan<uint> wanted = label.Slice(start, GraphCode.Digits);
            if (wanted.Contains(0u))
                continue;
            bool right = wanted.SequenceEqual(predicted.Slice(start, GraphCode.Digits));
            all &= right;
            if (GraphCode.Triple(wanted) == GraphTriple.End)
                continue;
            Triples++;
            TriplesRight += right ? 1 : 0;
        }
        Paths++;
        PathsRight += all ? 1 : 0;
    }

    /// <summary>Counts one shortest-path answer: any minimal path of the described graph is as good as the label's.</summary>
    /// <param name="features">What the network read: T x 92.</param>
    /// <param name="label">The wanted digits' keys, 0 where nothing is scored: T x 9.</param>
    /// <param name="predicted">The digits' keys given: T x 9.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other or are not whole steps.</exception>
    public void Add(ReadOnlySpan<float> features, ReadOnlySpan<uint> label, ReadOnlySpan<uint> predicted)
    {
        GraphCode.CheckFeatures(features);
        if (features.Length / GraphCode.FeatureSize != label.Length / GraphCode.Digits)
            throw new ArgumentException("Features and label have different numbers of steps.", nameof(features));
        Add(label, predicted);

        int answer = 0;
        while (answer < features.Length && features[answer + GraphCode.AnswerFlag] == 0)
            answer += GraphCode.FeatureSize;
        int firstKey = answer / GraphCode.FeatureSize * GraphCode.Digits;
        IReadOnlyList<GraphTriple> wanted = GraphCode.ReadAnswer(label).Triples;
        (IReadOnlyList<GraphTriple> given, bool ended) = GraphCode.ReadAnswer(predicted[firstKey..]);
        PathsFollowed++;
        MinimalPaths += ended && IsMinimal(given, wanted, GraphCode.ReadDescription(features)) ? 1 : 0;
    }

    /// <summary>Counts the answers of a scored data view.</summary>
    /// <param name="scored">Graph sequences with a model's answers.</param>
    /// <param name="labelColumnName">Vector of keys: the wanted answers.</param>
    /// <param name="predictedLabelColumnName">Vector of keys: the answers given.</param>
    /// <param name="featureColumnName">
    /// What the network read, for shortest path: <see cref="MinimalPathShare"/> needs it. Null: not counted.
    /// </param>
    public static GraphMetrics Evaluate(IDataView scored, string labelColumnName = "Label",
        string predictedLabelColumnName = "PredictedLabel", string? featureColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(scored);
        var metrics = new GraphMetrics();
        DataViewSchema.Column labelColumn = scored.Schema[labelColumnName], answerColumn = scored.Schema[predictedLabelColumnName];
        DataViewSchema.Column? featureColumn = featureColumnName is null ? null : scored.Schema[featureColumnName];
        using DataViewRowCursor cursor = scored.GetRowCursor(
            featureColumn is DataViewSchema.Column column ? [labelColumn, answerColumn, column] : [labelColumn, answerColumn]);
        ValueGetter<VBuffer<uint>> getLabel = cursor.GetGetter<VBuffer<uint>>(labelColumn);
        ValueGetter<VBuffer<uint>> getAnswer = cursor.GetGetter<VBuffer<uint>>(answerColumn);
        ValueGetter<VBuffer<float>>? getFeatures =
            featureColumn is DataViewSchema.Column read ? cursor.GetGetter<VBuffer<float>>(read) : null;
        VBuffer<uint> label = default, answer = default;
        VBuffer<float> features = default;
        while (cursor.MoveNext())
        {
            getLabel(ref label);
            getAnswer(ref answer);
            if (getFeatures is null)
            {
                metrics.Add([.. label.DenseValues()], [.. answer.DenseValues()]);
                continue;
            }
            getFeatures(ref features);
            metrics.Add([.. features.DenseValues()], [.. label.DenseValues()], [.. answer.DenseValues()]);
        }
        return metrics;
    }

    private static bool IsMinimal(IReadOnlyList<GraphTriple> given, IReadOnlyList<GraphTriple> wanted, IReadOnlyList<GraphTriple> graph)
    {
        if (given.Count != wanted.Count || given.Count == 0)
            return false;
        for (int i = 0; i < given.Count; i++)
        {
            int from = i == 0 ? wanted[0].Source : given[i - 1].Destination;
            if (given[i].Source != from || !graph.Contains(given[i]))
                return false;
        }
        return given[^1].Destination == wanted[^1].Destination;
    }
}
