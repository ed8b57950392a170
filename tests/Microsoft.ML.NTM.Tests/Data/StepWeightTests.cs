using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

[TestClass]
public sealed class StepWeightTests
{
    private static readonly SequenceColumns s_columns = new() { ExampleWeightColumnName = "More" };

    [TestMethod]
    public void EachOutputStepHasItsOwnWeight()
    {
        IDataView view = Row.View(
            [new() { Features = [1, 2, 3], Label = [1, 2, 3], More = [0, 0.5f, 2] }, new() { Features = [1], Label = [1], More = [7] }]);
        using var batches = new OrderedBatches(view, FormatResolver.Resolve(view, s_columns), ColumnUse.Training, batchSize: 2);

        SequenceBatch batch = batches.Next()!;
        CollectionAssert.AreEqual(new[] { 0, 0.5f, 2 }, Enumerable.Range(0, 3).Select(step => batch.Weight(step, 0)).ToArray());
        Assert.AreEqual(7f, batch.Weight(0, 1));
    }

    [TestMethod]
    public void AnswersAfterTheInputAreWeighedFromTheFirst()
    {
        SequenceColumns columns = s_columns with { Alignment = SequenceAlignment.AfterInput, OutputSize = 1 };
        IDataView view = Row.View([new Row { Features = [1, 2, 3], Label = [1, 2], More = [0.25f, 4] }]);
        using var batches = new TrainingBatches(view, FormatResolver.Resolve(view, columns), batchSize: 1, seed: 1);

        SequenceBatch batch = batches.Next();
        Assert.AreEqual((1f, 0.25f, 4f), (batch.Weight(3, 0), batch.Weight(4, 0), batch.Weight(5, 0)));
    }

    [TestMethod]
    public void ABatchForgetsTheWeightsOfTheOneBefore()
    {
        var batch = new SequenceBatch(1, 1);
        batch.Reset(1, 2);
        batch.Weigh(0, 0, 5);
        Assert.AreEqual((5f, 1f), (batch.Weight(0, 0), batch.Weight(1, 0)));
        batch.Reset(1, 2);
        Assert.AreEqual(1f, batch.Weight(0, 0));
        batch.Weights[0] = 3;
        Assert.AreEqual(3f, batch.Weight(1, 0));
    }

    [TestMethod]
    public void OtherNumbersOfWeightsAndWeightsThatAreNoneAreErrorsOfTheirRow()
    {
        Row good = new() { Features = [1, 2], Label = [1, 2], More = [1, 1] };
        foreach ((float[] weights, string expected) in new[]
        {
            (new float[] { 1 }, "expected 2 weights (one per output step), got 1 weights"),
            ([], "got 0 weights"),
            ([1, -1], "a finite weight of at least 0, got -1"),
            ([float.NaN, 1], "a finite weight of at least 0, got NaN"),
        })
        {
            IDataView view = Row.View([good, new() { Features = [1, 2], Label = [1, 2], More = weights }]);
            using var batches = new TrainingBatches(view, FormatResolver.Resolve(view, s_columns), batchSize: 2, seed: 1);
            Row.Fails<InvalidOperationException>(() => batches.Next(), "'More', row 1", expected);
        }
    }

    // A weight of 0 is as good as no label, on either engine, and 2 as good as the step twice.
    [TestMethod]
    [DataRow(SequenceBackend.Managed)]
    [DataRow(SequenceBackend.Torch)]
    public void StepsThatWeighNothingTeachNothing(SequenceBackend backend)
    {
        float[] Train(float[] label, float[] weights)
        {
            IDataView view = Row.View([new Row { Features = [1, -1, 0.5f], Label = label, More = weights }]);
            using SequenceTransformer model = new MLContext(1).Sequence.Trainers.Lstm(new LstmTrainer.Options
            {
                ControllerSize = 4,
                NumberOfIterations = 3,
                Seed = 1,
                ExampleWeightColumnName = "More",
                Backend = backend,
                LabelScaling = SequenceScaling.None,
            }).Fit(view);
            return model.Model.Parameters.Values;
        }

        float[] expected = Train([1, float.NaN, 0], [1, 1, 1]);
        CollectionAssert.AreEqual(expected, Train([1, 30, 0], [1, 0, 1]));
        CollectionAssert.AreNotEqual(expected, Train([1, 30, 0], [1, 0.1f, 1]));
    }
}
