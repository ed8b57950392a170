using Microsoft.ML.NTM;

/// <summary>One of the paper's five tasks (arXiv:1410.5401, section 4): what is trained on, and what is asked in and beyond that.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Train">The training sequences of a seed.</param>
/// <param name="Measure">What grows beyond training, as an axis calls it.</param>
/// <param name="LongestTrained">The largest of it in training.</param>
/// <param name="Lengths">The sizes that are asked, in and beyond training; none where the paper asks for none.</param>
/// <param name="At">Sequences of one such size.</param>
internal sealed record PaperTask(
    string Name, Func<int, SequenceTask> Train, string Measure, int LongestTrained, int[] Lengths, Func<int, int, SequenceTask> At)
{
    private static readonly PaperTask[] s_all =
    [
        new("copy", seed => new CopyTask(seed: seed), "length", 20, [10, 20, 30, 40, 60, 80, 120],
            (length, seed) => new CopyTask(length, length, seed: seed)),
        new("repeat-copy", seed => new RepeatCopyTask(seed: seed), "repeats of 10 vectors", 10, [5, 10, 12, 15, 20],
            (repeats, seed) => new RepeatCopyTask(10, 10, repeats, repeats, seed: seed)),
        new("recall", seed => new AssociativeRecallTask(seed: seed), "items", 6, [3, 6, 8, 10, 12, 15, 20],
            (items, seed) => new AssociativeRecallTask(items, items, seed: seed)),
        new("ngrams", seed => new DynamicNGramsTask(seed: seed), "length", 200, [],
            (length, seed) => new DynamicNGramsTask(length, seed: seed)),
        new("sort", seed => new PrioritySortTask(seed: seed), "items", 20, [], (_, seed) => new PrioritySortTask(seed: seed)),
    ];

    /// <summary>The task of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static PaperTask Of(string name) => s_all.FirstOrDefault(task => task.Name == name)
        ?? throw new ArgumentException($"There is no task '{name}'. There are: {string.Join(", ", s_all.Select(task => task.Name))}.");

    /// <summary>Whether a network can learn to make no mistake: n-grams have no perfect answer, and sorting's is out of reach.</summary>
    public bool CanBePerfect => Name is "copy" or "repeat-copy" or "recall";

    /// <summary>Of n-grams, what nobody can do better on these sequences, in bits per sequence; else null.</summary>
    public double? Optimum(int seed, int count) => Name != "ngrams" ? null
        : Train(seed).Rows(count).Average(row => DynamicNGramsTask.OptimalBits(row.Features));
}
