using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Tasks.Babi;

[TestClass]
public sealed class BabiFilesTests
{
    [TestMethod]
    public void TheWholeFolderHasNineteenTasksOfElevenThousandQuestions()
    {
        BabiData data = BabiData.Read(SharedData.Folder("babi-en-10k"));

        CollectionAssert.AreEqual(Enumerable.Range(1, 20).Where(task => task != 3).ToArray(), data.Tasks.ToArray());
        Dictionary<int, int> train = QuestionsPerTask(data.Train), test = QuestionsPerTask(data.Test);
        foreach (int task in data.Tasks)
        {
            Assert.AreEqual(10_000, train[task], $"task {task}, training");
            Assert.AreEqual(1_000, test[task], $"task {task}, test");
        }
        Assert.AreEqual(200, data.Test.Count(story => story.Task == 1));
        Assert.AreEqual(2_000, data.Train.Count(story => story.Task == 1));
        // The paper counts 156 words and 3 punctuation tokens over its 20 tasks.
        Assert.HasCount(159, data.Vocabulary.Words);
    }

    [TestMethod]
    public void OneTaskHasItsOwnSmallVocabulary()
    {
        BabiData data = BabiData.Read(SharedData.Folder("babi-en-10k"), [1]);
        Assert.AreEqual(1, data.Tasks.Single());
        Assert.IsInRange(15, 30, data.Vocabulary.Words.Count);
        Assert.AreEqual("mary moved to the bathroom . john went to the hallway . where is mary ? -",
            string.Join(' ', data.AsText(data.Train[0]).Tokens.Take(17)));
        Assert.AreEqual("bathroom", data.AsText(data.Train[0]).Answers[16]);
        Assert.IsTrue(data.Test.All(story => story.Label.Count(key => key != 0) == 5));
    }

    [TestMethod]
    public void EveryCursorGivesTheSameStories()
    {
        var ml = new MLContext();
        BabiData data = BabiData.Read(SharedData.Folder("babi-en-10k"), [6]);
        IDataView view = data.ToDataView(ml, data.Test);
        uint[][] first = [.. view.GetColumn<uint[]>("Features")];
        uint[][] second = [.. view.GetColumn<uint[]>("Features")];
        Assert.HasCount(data.Test.Count, first);
        for (int i = 0; i < first.Length; i++)
            CollectionAssert.AreEqual(first[i], second[i]);
    }

    private static Dictionary<int, int> QuestionsPerTask(IEnumerable<BabiStory> stories)
    {
        var metrics = new BabiMetrics();
        foreach (BabiStory story in stories)
            metrics.Add(story.Task, story.Label, story.Label);
        return metrics.Tasks.ToDictionary(task => task.Task, task => task.Questions);
    }
}
