using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Tasks;

[TestClass]
public sealed class SequenceTaskTests
{
    public static IEnumerable<SequenceTask> AllTasks =>
    [
        new CopyTask(seed: 7), new RepeatCopyTask(seed: 7), new AssociativeRecallTask(seed: 7), new DynamicNGramsTask(seed: 7),
        new PrioritySortTask(seed: 7),
    ];

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void SameSeedGivesTheSameRowsAndAnotherSeedDoesNot(SequenceTask task)
    {
        var again = (SequenceTask)Activate(task.GetType(), task.Seed);
        var other = (SequenceTask)Activate(task.GetType(), task.Seed + 1);

        CollectionAssert.AreEqual(task.Row(5).Features, again.Row(5).Features);
        CollectionAssert.AreNotEqual(
            task.Rows(5).SelectMany(row => row.Features).ToArray(), other.Rows(5).SelectMany(row => row.Features).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void RowsOfAStreamDifferFromOneAnother(SequenceTask task)
    {
        string[] longRows = [.. task.Rows(60).Where(row => row.Features.Length >= 40).Select(row => string.Join(' ', row.Features))];
        Assert.IsGreaterThan(20, longRows.Length);
        Assert.HasCount(longRows.Length, longRows.Distinct());
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void TheSchemaKnowsTheWidthsButNotTheLengths(SequenceTask task)
    {
        DataViewSchema schema = task.ToDataView(new MLContext(), 3).Schema;

        var features = (VectorDataViewType)schema["Features"].Type;
        var label = (VectorDataViewType)schema["Label"].Type;
        CollectionAssert.AreEqual(new[] { 0, task.FeatureSize }, features.Dimensions.ToArray());
        CollectionAssert.AreEqual(new[] { 0, task.OutputSize }, label.Dimensions.ToArray());
        Assert.AreEqual(NumberDataViewType.Single, features.ItemType);
        Assert.AreEqual(NumberDataViewType.Int32, schema["OutputLength"].Type);
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void FeaturesAndLabelsAreWholeStepsOfTheSaidAlignment(SequenceTask task)
    {
        foreach (TaskSequence row in task.Rows(20))
        {
            Assert.AreEqual(0, row.Features.Length % task.FeatureSize);
            Assert.AreEqual(row.OutputLength * task.OutputSize, row.Label.Length);
            if (!task.AnswersAfterInput)
                Assert.AreEqual(row.Features.Length / task.FeatureSize, row.OutputLength);
            Assert.IsTrue(row.Features.All(float.IsFinite));
            Assert.IsTrue(row.Label.Any(float.IsFinite));
        }
    }

    [TestMethod]
    [DynamicData(nameof(AllTasks))]
    public void EveryCursorGivesTheSameRowsEvenTwoAtOnce(SequenceTask task)
    {
        IDataView view = task.ToDataView(new MLContext(), 6, first: 2);
        using DataViewRowCursor one = view.GetRowCursor(view.Schema);
        Assert.IsTrue(one.MoveNext());
        using DataViewRowCursor two = view.GetRowCursor(view.Schema);
        Assert.IsTrue(two.MoveNext());

        for (int i = 0; i < 6; i++)
        {
            TaskSequence expected = task.Row(2 + i);
            CollectionAssert.AreEqual(expected.Features, Read(one, "Features"));
            CollectionAssert.AreEqual(expected.Label, Read(two, "Label"));
            CollectionAssert.AreEqual(expected.Features, Read(two, "Features"));
            Assert.AreEqual(i < 5, one.MoveNext());
            Assert.AreEqual(i < 5, two.MoveNext());
        }
    }

    [TestMethod]
    public void AnEndlessStreamCostsNothingUntilItIsRead() =>
        Assert.IsNotEmpty(new CopyTask().Rows(long.MaxValue).Skip(10).First().Features);

    private static float[] Read(DataViewRowCursor cursor, string column)
    {
        VBuffer<float> buffer = default;
        cursor.GetGetter<VBuffer<float>>(cursor.Schema[column])(ref buffer);
        return buffer.DenseValues().ToArray();
    }

    /// <summary>The papers' sizes with a seed: every constructor ends with it and has defaults for the rest.</summary>
    private static object Activate(Type type, int seed)
    {
        var constructor = type.GetConstructors().Single();
        object?[] arguments = [.. constructor.GetParameters().Select(p => p.Name == "seed" ? seed : p.DefaultValue)];
        return constructor.Invoke(arguments);
    }
}
