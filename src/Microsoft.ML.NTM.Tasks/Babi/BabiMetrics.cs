using Microsoft.ML.Data;

namespace Microsoft.ML.NTM;

/// <summary>
/// Answers to bAbI questions, counted as the papers do: a question is right if every word of its answer is, a task fails above 5 % of
/// questions wrong. Accumulates over any number of calls.
/// </summary>
public sealed class BabiMetrics
{
    /// <summary>Share of wrong answers above which a task counts as failed.</summary>
    public const double FailureThreshold = 0.05;

    private readonly SortedDictionary<int, BabiTaskMetrics> tasks = [];

    /// <summary>Results per task seen, ascending.</summary>
    public IReadOnlyCollection<BabiTaskMetrics> Tasks => tasks.Values;

    /// <summary>Mean over tasks of the share of questions answered wrong; NaN without questions.</summary>
    public double MeanError => tasks.Count == 0 ? double.NaN : tasks.Values.Average(task => task.ErrorRate);

    /// <summary>Tasks with more than 5 % of questions wrong.</summary>
    public int FailedTasks => tasks.Values.Count(task => task.Failed);

    /// <summary>Counts the questions of one story.</summary>
    /// <param name="task">The story's task.</param>
    /// <param name="label">The wanted keys, 0 where nothing is asked: T. Neighbouring answer words belong to one question.</param>
    /// <param name="predicted">The keys given: T.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void Add(int task, ReadOnlySpan<uint> label, ReadOnlySpan<uint> predicted)
    {
        if (label.Length != predicted.Length)
            throw new ArgumentException($"The label has {label.Length} steps and the prediction {predicted.Length}.", nameof(predicted));
        int questions = 0, right = 0;
        for (int t = 0; t < label.Length; t++)
        {
            if (label[t] == 0)
                continue;
            int end = t;
            while (end < label.Length && label[end] != 0)
                end++;
            questions++;
            if (label[t..end].SequenceEqual(predicted[t..end]))
                right++;
            t = end;
        }
        BabiTaskMetrics before = tasks.GetValueOrDefault(task, new BabiTaskMetrics(task, 0, 0));
        tasks[task] = new BabiTaskMetrics(task, before.Questions + questions, before.Right + right);
    }

    /// <summary>Counts the questions of a scored data view.</summary>
    /// <param name="scored">Stories with a model's answers.</param>
    /// <param name="labelColumnName">Vector of keys: the wanted answers.</param>
    /// <param name="predictedLabelColumnName">Vector of keys: the answers given.</param>
    /// <param name="taskColumnName">Int32: the task.</param>
    public static BabiMetrics Evaluate(IDataView scored, string labelColumnName = "Label",
        string predictedLabelColumnName = "PredictedLabel", string taskColumnName = "Task")
    {
        ArgumentNullException.ThrowIfNull(scored);
        var metrics = new BabiMetrics();
        DataViewSchema schema = scored.Schema;
        DataViewSchema.Column labelColumn = schema[labelColumnName], answerColumn = schema[predictedLabelColumnName];
        DataViewSchema.Column taskColumn = schema[taskColumnName];
        using DataViewRowCursor cursor = scored.GetRowCursor([labelColumn, answerColumn, taskColumn]);
        ValueGetter<VBuffer<uint>> getLabel = cursor.GetGetter<VBuffer<uint>>(labelColumn);
        ValueGetter<VBuffer<uint>> getAnswer = cursor.GetGetter<VBuffer<uint>>(answerColumn);
        ValueGetter<int> getTask = cursor.GetGetter<int>(taskColumn);
        VBuffer<uint> label = default, answer = default;
        int task = 0;
        while (cursor.MoveNext())
        {
            getLabel(ref label);
            getAnswer(ref answer);
            getTask(ref task);
            metrics.Add(task, [.. label.DenseValues()], [.. answer.DenseValues()]);
        }
        return metrics;
    }
}
