using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Tasks.Babi;

[TestClass]
public sealed class BabiDataTests
{
    private const string Text = """
        1 Mary got the milk, there.
        2 John went to room 7.
        3 What is Mary carrying? 	milk	1
        4 Mary took the Apple.
        5 What is Mary carrying?	milk,apple	1 4
        1 It is east.
        2 Is it east?	yes	1
        """;

    private string folder = "";

    [TestInitialize]
    public void WriteFiles()
    {
        folder = Directory.CreateTempSubdirectory("babi").FullName;
        File.WriteAllText(Path.Combine(folder, "qa8_lists_train.txt"), Text);
        File.WriteAllText(Path.Combine(folder, "qa8_lists_test.txt"), "1 Is it west?\tno\t1\n");
    }

    [TestCleanup]
    public void DeleteFiles() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void AStoryWithAllItsQuestionsIsOneSequence()
    {
        BabiData data = BabiData.Read(folder);

        Assert.HasCount(2, data.Train);
        Assert.HasCount(1, data.Test);
        BabiTextStory story = data.AsText(data.Train[0]);
        Assert.AreEqual("mary got the milk there . john went to room . what is mary carrying ? - "
            + "mary took the apple . what is mary carrying ? - -", string.Join(' ', story.Tokens));
        CollectionAssert.AreEqual(new[] { "milk", "milk", "apple" }, story.Answers.Where(word => word != "").ToArray());
        for (int t = 0; t < story.Tokens.Length; t++)
            Assert.AreEqual(story.Tokens[t] == "-", story.Answers[t] != "", $"step {t}");
        Assert.AreEqual("it is east . is it east ? -", string.Join(' ', data.AsText(data.Train[1]).Tokens));
    }

    [TestMethod]
    public void TheVocabularyCoversTrainingTestAndAnswers()
    {
        BabiVocabulary vocabulary = BabiData.Read(folder).Vocabulary;
        foreach (string word in (string[])["-", ".", "?", "mary", "west", "no", "apple", "yes"])
            Assert.AreEqual(word, vocabulary.WordOf(vocabulary.KeyOf(word)));
        Assert.AreEqual(0u, vocabulary.KeyOf("7"));
        Assert.AreEqual("", vocabulary.WordOf(0));
        CollectionAssert.AreEqual(vocabulary.Words.Order(StringComparer.Ordinal).ToArray(), vocabulary.Words.ToArray());
    }

    [TestMethod]
    public void TheDataViewHasKeysWithTheirWords()
    {
        var ml = new MLContext();
        BabiData data = BabiData.Read(folder);
        IDataView view = data.ToDataView(ml, data.Train);

        foreach (string name in (string[])["Features", "Label"])
        {
            var type = (VectorDataViewType)view.Schema[name].Type;
            Assert.AreEqual((ulong)data.Vocabulary.Words.Count, ((KeyDataViewType)type.ItemType).Count);
            VBuffer<ReadOnlyMemory<char>> words = default;
            view.Schema[name].GetKeyValues(ref words);
            CollectionAssert.AreEqual(data.Vocabulary.Words.ToArray(), words.DenseValues().Select(word => word.ToString()).ToArray());
        }
        IDataView back = ml.Transforms.Conversion.MapKeyToValue("Features").Fit(view).Transform(view);
        string[] tokens = [.. back.GetColumn<ReadOnlyMemory<char>[]>("Features").First().Select(word => word.ToString())];
        CollectionAssert.AreEqual(data.AsText(data.Train[0]).Tokens, tokens);
    }

    [TestMethod]
    public void TextMappedToKeysByMlNetLeavesUnscoredStepsMissing()
    {
        var ml = new MLContext();
        BabiData data = BabiData.Read(folder);
        IDataView text = data.ToTextDataView(ml, data.Train);
        IDataView keys = ml.Transforms.Conversion.MapValueToKey("Answers").Fit(text).Transform(text);

        uint[] answers = keys.GetColumn<uint[]>("Answers").First();
        CollectionAssert.AreEqual(data.Train[0].Label.Select(key => key == 0).ToArray(), answers.Select(key => key == 0).ToArray());
    }

    [TestMethod]
    public void ShufflingKeepsEveryStoryAndFollowsTheSeed()
    {
        BabiStory[] stories = [.. Enumerable.Range(1, 50).Select(task => new BabiStory { Task = task })];
        BabiStory[] shuffled = [.. BabiData.Shuffle(stories, seed: 1)];
        CollectionAssert.AreEquivalent(stories, shuffled);
        CollectionAssert.AreNotEqual(stories, shuffled);
        CollectionAssert.AreEqual(shuffled, BabiData.Shuffle(stories, seed: 1).ToArray());
    }

    [TestMethod]
    public void StoriesTooLongToTrainOnAreLeftOut() => Assert.HasCount(1, BabiData.Read(folder, maxTrainTokens: 10).Train);

    [TestMethod]
    public void FaultsNameWhatIsMissingOrWrong()
    {
        Assert.Contains("task 3", Assert.ThrowsExactly<FileNotFoundException>(() => BabiData.Read(folder, [3, 8])).Message);
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => BabiData.Read(Path.Combine(folder, "none")));

        File.WriteAllText(Path.Combine(folder, "qa8_lists_test.txt"), "1 Mary left.\nMary came.\n");
        string message = Assert.ThrowsExactly<InvalidDataException>(() => BabiData.Read(folder)).Message;
        Assert.Contains("qa8_lists_test.txt, line 2", message);
    }
}
