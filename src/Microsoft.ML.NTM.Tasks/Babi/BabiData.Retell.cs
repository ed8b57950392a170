using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

public sealed partial class BabiData
{
    /// <summary>
    /// Stories told again and again, never twice the same: training data without end. Each round has every story once, in a new order. A
    /// few thousand stories as they are, networks learn by heart before they learn to read.
    /// </summary>
    /// <remarks>
    /// The stories were made by drawing who does what where at random, so a story is as good with its words exchanged, as long as they play
    /// the same part: people with people, and rooms with rooms where no room has a use of its own, as it has in task 20.
    /// </remarks>
    /// <param name="stories">The stories, at least one.</param>
    /// <param name="exchangeable">Groups of words to exchange among each other, every time another way; those that no story has do
    /// nothing.</param>
    /// <param name="maxQuestions">
    /// A story ends after one of its first so many questions, drawn with equal chances: short stories are where learning begins. Null:
    /// stories end where they end.
    /// </param>
    /// <param name="seed">What everything is derived from.</param>
    /// <exception cref="ArgumentException">There are no stories.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There would be no question.</exception>
    public IEnumerable<BabiStory> Retell(
        IEnumerable<BabiStory> stories, IEnumerable<IEnumerable<string>>? exchangeable = null, int? maxQuestions = null, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(stories);
        if (maxQuestions is int most)
            ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(maxQuestions));
        BabiStory[] all = [.. stories];
        if (all.Length == 0)
            throw new ArgumentException("There is no story to tell.", nameof(stories));
        uint[][] groups = [.. (exchangeable ?? []).Select(words => words.Select(Vocabulary.KeyOf).Where(key => key != 0).ToArray())];
        return Endless();

        IEnumerable<BabiStory> Endless()
        {
            var order = (BabiStory[])all.Clone();
            for (long round = 0; ; round++)
            {
                SeededRandom random = SeededRandom.ForRow(seed, round);
                random.Shuffle<BabiStory>(order);
                foreach (BabiStory story in order)
                    yield return Retold(story, Exchange(groups, random), maxQuestions, random);
            }
        }
    }

    // Who takes whose place: [words + 1].
    private uint[] Exchange(uint[][] groups, SeededRandom random)
    {
        uint[] places = [.. Enumerable.Range(0, Vocabulary.Words.Count + 1).Select(key => (uint)key)];
        foreach (uint[] group in groups)
        {
            uint[] others = [.. group];
            random.Shuffle<uint>(others);
            for (int i = 0; i < group.Length; i++)
                places[group[i]] = others[i];
        }
        return places;
    }

    private static BabiStory Retold(BabiStory story, uint[] places, int? maxQuestions, SeededRandom random)
    {
        int length = story.Label.Length;
        if (maxQuestions is int most)
        {
            int[] ends = [.. Enumerable.Range(1, length)
                .Where(end => story.Label[end - 1] != 0 && (end == length || story.Label[end] == 0))];
            if (ends.Length > 0)
                length = ends[random.Next(0, Math.Min(most, ends.Length) - 1)];
        }
        return new BabiStory
        {
            Task = story.Task,
            Features = [.. story.Features.Take(length).Select(key => places[key])],
            Label = [.. story.Label.Take(length).Select(key => places[key])],
        };
    }
}
