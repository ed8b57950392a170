namespace Microsoft.ML.NTM.Tests.Tasks.Babi;

[TestClass]
public sealed class BabiRetellingTests
{
    private const string Text = """
        1 Mary is in the hall.
        2 Where is Mary?	hall	1
        3 John has milk, tea.
        4 What has John?	milk,tea	3
        1 John is in the kitchen.
        2 Where is John?	kitchen	1
        """;

    private static readonly string[][] s_groups = [["mary", "john", "nobody"], ["hall", "kitchen"]];

    private string folder = "";

    private BabiData data = null!;

    [TestInitialize]
    public void WriteFiles()
    {
        folder = Directory.CreateTempSubdirectory("babi").FullName;
        File.WriteAllText(Path.Combine(folder, "qa8_lists_train.txt"), Text);
        File.WriteAllText(Path.Combine(folder, "qa8_lists_test.txt"), "1 Is it west?\tno\t1\n");
        data = BabiData.Read(folder);
    }

    [TestCleanup]
    public void DeleteFiles() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void EveryRoundHasEveryStoryOnceAndTheSameSeedTellsThemTheSame()
    {
        string[] told = [.. data.Retell(data.Train, seed: 5).Take(20).Select(Line)];

        foreach (string[] round in told.Chunk(2))
            CollectionAssert.AreEquivalent(data.Train.Select(Line).ToArray(), round);
        Assert.HasCount(2, told.Chunk(2).Select(round => string.Join('|', round)).Distinct().ToArray());
        CollectionAssert.AreEqual(told, data.Retell(data.Train, seed: 5).Take(20).Select(Line).ToArray());
        CollectionAssert.AreNotEqual(told, data.Retell(data.Train, seed: 6).Take(20).Select(Line).ToArray());
    }

    [TestMethod]
    public void WordsOfAGroupTakeEachOthersPlacesThroughoutAStory()
    {
        string[] told = [.. data.Retell(data.Train, s_groups).Take(200).Select(Line).Distinct().Order(StringComparer.Ordinal)];
        string[] expected = [.. from who in new[] { ("mary", "john"), ("john", "mary") }
                                from place in new[] { "hall", "kitchen" }
                                from line in new[]
                                {
                                    $"{who.Item1} is in the {place} . where is {who.Item1} ? - ({place}) {who.Item2} has milk tea . what "
                                        + $"has {who.Item2} ? - (milk) - (tea)",
                                    $"{who.Item1} is in the {place} . where is {who.Item1} ? - ({place})",
                                }
                                select line];

        CollectionAssert.AreEqual(expected.Order(StringComparer.Ordinal).ToArray(), told);
    }

    [TestMethod]
    public void StoriesEndAfterAnyOfTheFirstQuestionsThatAreAllowed()
    {
        Assert.IsTrue(data.Retell(data.Train, maxQuestions: 1).Take(50)
            .All(story => Line(story).EndsWith("? - (hall)") || Line(story).EndsWith("? - (kitchen)")));
        string[] two = [.. data.Retell(data.Train, maxQuestions: 2).Take(50).Select(Line).Distinct()];
        Assert.HasCount(3, two);
        CollectionAssert.IsSubsetOf(data.Train.Select(Line).ToArray(), two);
        CollectionAssert.AreEquivalent(two, data.Retell(data.Train, maxQuestions: 9).Take(50).Select(Line).Distinct().ToArray());
    }

    [TestMethod]
    public void ThereMustBeStoriesAndQuestions()
    {
        Assert.Throws<ArgumentNullException>(() => data.Retell(null!));
        Assert.Throws<ArgumentException>(() => data.Retell([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Retell(data.Train, maxQuestions: 0));
    }

    private string Line(BabiStory story)
    {
        BabiTextStory text = data.AsText(story);
        return string.Join(' ', text.Tokens.Zip(text.Answers, (token, answer) => answer == "" ? token : $"{token} ({answer})"));
    }
}
