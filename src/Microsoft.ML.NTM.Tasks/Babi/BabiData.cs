using System.Text.RegularExpressions;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>
/// The bAbI question-answering tasks (Weston et al. 2015, arXiv:1502.05698) as the Differentiable Neural Computer paper reads them
/// (Nature 538:471, Methods): one story with all its questions is one sequence; lower-case words, numbers dropped, <c>.</c> and <c>?</c>
/// are tokens; after a question one <c>-</c> per answer word, and only there an answer is asked for.
/// </summary>
/// <remarks>Alignment <c>EveryStep</c>; the label is a vector of keys, key 0 (not scored) everywhere but at the <c>-</c> tokens.</remarks>
public sealed partial class BabiData
{
    private BabiData(BabiVocabulary vocabulary, IReadOnlyList<int> tasks, IReadOnlyList<BabiStory> train, IReadOnlyList<BabiStory> test) =>
        (Vocabulary, Tasks, Train, Test) = (vocabulary, tasks, train, test);

    /// <summary>The tokens of all stories read, training and test.</summary>
    public BabiVocabulary Vocabulary { get; }

    /// <summary>The tasks read, ascending.</summary>
    public IReadOnlyList<int> Tasks { get; }

    /// <summary>The stories to train on, task after task: <see cref="Shuffle"/> when there are several.</summary>
    public IReadOnlyList<BabiStory> Train { get; }

    /// <summary>The stories to test on, task after task.</summary>
    public IReadOnlyList<BabiStory> Test { get; }

    /// <summary>Reads the tasks of a folder with files named <c>qa1_..._train.txt</c> and <c>qa1_..._test.txt</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="tasks">Which tasks; null: every task of the folder that has both files.</param>
    /// <param name="maxTrainTokens">Leaves out longer training stories (the paper: 800); null: none.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A task's files are not in the folder, or no task's are.</exception>
    /// <exception cref="InvalidDataException">A line of a file does not follow the format.</exception>
    public static BabiData Read(string folder, IEnumerable<int>? tasks = null, int? maxTrainTokens = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"The bAbI folder '{folder}' does not exist.");
        SortedDictionary<int, string> trainFiles = Find(folder, "train");
        SortedDictionary<int, string> testFiles = Find(folder, "test");
        int[] chosen = tasks is null ? [.. trainFiles.Keys.Where(testFiles.ContainsKey)] : [.. tasks.Distinct().Order()];
        int[] missing = [.. chosen.Where(task => !trainFiles.ContainsKey(task) || !testFiles.ContainsKey(task))];
        if (missing.Length > 0 || chosen.Length == 0)
            throw new FileNotFoundException($"The bAbI folder '{folder}' lacks the train or test file of "
                + (chosen.Length == 0 ? "every task." : $"task {string.Join(", ", missing)}."));

        List<BabiTextStory> train = [.. chosen.SelectMany(task => BabiParser.Read(trainFiles[task], task))];
        List<BabiTextStory> test = [.. chosen.SelectMany(task => BabiParser.Read(testFiles[task], task))];
        if (maxTrainTokens is int most)
            train.RemoveAll(story => story.Tokens.Length > most);
        IEnumerable<string> words = train.Concat(test).SelectMany(story => story.Tokens.Concat(story.Answers));
        var vocabulary = new BabiVocabulary(words.Where(word => word.Length > 0));
        return new BabiData(vocabulary, chosen, [.. train.Select(Keyed)], [.. test.Select(Keyed)]);

        BabiStory Keyed(BabiTextStory story) => new()
        {
            Task = story.Task,
            Features = [.. story.Tokens.Select(vocabulary.KeyOf)],
            Label = [.. story.Answers.Select(vocabulary.KeyOf)],
        };
    }

    /// <summary>
    /// Stories as a data view with the columns <c>Task</c> (Int32), <c>Features</c> and <c>Label</c> (vectors of keys whose
    /// <c>KeyValues</c> are the vocabulary).
    /// </summary>
    /// <param name="mlContext">The context the view belongs to.</param>
    /// <param name="stories"><see cref="Train"/>, <see cref="Test"/> or some of them.</param>
    public IDataView ToDataView(MLContext mlContext, IEnumerable<BabiStory> stories)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(stories);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(BabiStory));
        ReadOnlyMemory<char>[] words = [.. Vocabulary.Words.Select(word => word.AsMemory())];
        foreach (string name in (string[])[nameof(BabiStory.Features), nameof(BabiStory.Label)])
            KeyColumns.Describe(schema[name], words);
        return mlContext.Data.LoadFromEnumerable(stories, schema);
    }

    /// <summary>
    /// Stories as text, for pipelines that make keys themselves (<c>MapValueToKey</c> makes key 0 of empty text, which is what an
    /// unscored step needs): columns <c>Task</c> (Int32), <c>Tokens</c> and <c>Answers</c> (vectors of text).
    /// </summary>
    /// <param name="mlContext">The context the view belongs to.</param>
    /// <param name="stories"><see cref="Train"/>, <see cref="Test"/> or some of them.</param>
    public IDataView ToTextDataView(MLContext mlContext, IEnumerable<BabiStory> stories)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(stories);
        return mlContext.Data.LoadFromEnumerable(stories.Select(AsText));
    }

    /// <summary>
    /// Stories in a random order. Data views of stories are read front to back, so shuffle tasks that are
    /// trained together.
    /// </summary>
    /// <param name="stories">The stories.</param>
    /// <param name="seed">What the order is derived from.</param>
    public static IReadOnlyList<BabiStory> Shuffle(IEnumerable<BabiStory> stories, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(stories);
        BabiStory[] shuffled = [.. stories];
        SeededRandom.ForRow(seed, 0).Shuffle<BabiStory>(shuffled);
        return shuffled;
    }

    /// <summary>The words of a story and its answers.</summary>
    /// <param name="story">A story of this data.</param>
    public BabiTextStory AsText(BabiStory story)
    {
        ArgumentNullException.ThrowIfNull(story);
        return new BabiTextStory
        {
            Task = story.Task,
            Tokens = [.. story.Features.Select(Vocabulary.WordOf)],
            Answers = [.. story.Label.Select(Vocabulary.WordOf)],
        };
    }

    private static SortedDictionary<int, string> Find(string folder, string part)
    {
        var files = new SortedDictionary<int, string>();
        foreach (string path in Directory.EnumerateFiles(folder, $"qa*_{part}.txt"))
        {
            Match match = TaskFile().Match(Path.GetFileName(path));
            if (match.Success)
                files[int.Parse(match.Groups[1].ValueSpan)] = path;
        }
        return files;
    }

    [GeneratedRegex(@"^qa(\d{1,2})_")]
    private static partial Regex TaskFile();
}
