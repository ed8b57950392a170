using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

[TestClass]
public sealed class BatchesTests
{
    [TestMethod]
    [DataRow(1, 1, 1)]
    [DataRow(10, 32, 4)]
    [DataRow(100, 7, 3)]
    [DataRow(257, 8, 4)]
    [DataRow(33, 1, 5)]
    public void EveryRowAppearsOncePerEpoch(int rowCount, int batchSize, int poolBatches)
    {
        foreach (bool shuffles in new[] { true, false })
        {
            IDataView view = View(Rows(rowCount, 5), shuffles);
            Assert.AreEqual(shuffles, view.CanShuffle);
            using var batches = new TrainingBatches(view, Format(view), batchSize, seed: 3, poolBatches);
            SequenceBatch batch = batches.Next();
            for (int epoch = 0; epoch < 3; epoch++)
            {
                var seen = new List<long>();
                for (; batches.Epoch == epoch; batch = batches.Next())
                {
                    Assert.IsLessThanOrEqualTo(batchSize, batch.Rows);
                    seen.AddRange(batch.RowIds[..batch.Rows]);
                }
                seen.Sort();
                CollectionAssert.AreEqual(Enumerable.Range(0, rowCount).Select(id => (long)id).ToList(), seen);
            }
        }
    }

    [TestMethod]
    public void RowsStandLongestFirstAndPaddingHoldsNothing()
    {
        List<Row> rows = Rows(200, 9);
        IDataView view = View(rows, shuffles: true);
        using var batches = new TrainingBatches(view, Format(view), batchSize: 16, seed: 1, poolBatches: 2);
        for (int i = 0; i < 60; i++)
            CheckAgainstSource(batches.Next(), rows, withTargets: true);
    }

    [TestMethod]
    public void SameSeedGivesTheSameBatchesAndAnotherSeedOthers()
    {
        IDataView view = View(Rows(150, 2), shuffles: true);
        List<long> first = Order(view, seed: 7), second = Order(view, seed: 7), other = Order(view, seed: 8);
        CollectionAssert.AreEqual(first, second);
        CollectionAssert.AreNotEqual(first, other);
    }

    [TestMethod]
    public void EpochsDifferInTheirBatches()
    {
        foreach (bool shuffles in new[] { true, false })
        {
            IDataView view = View(Rows(64, 2), shuffles);
            using var batches = new TrainingBatches(view, Format(view), batchSize: 8, seed: 1);
            var epochs = new List<long>[2];
            for (int i = 0; i < 2; i++)
                epochs[i] = [.. Enumerable.Range(0, 8).SelectMany(_ => Ids(batches.Next()))];
            CollectionAssert.AreNotEqual(epochs[0], epochs[1]);
        }
    }

    [TestMethod]
    public void SkippingEqualsTakingAndDroppingBatches()
    {
        IDataView view = View(Rows(90, 4), shuffles: true);
        using var taken = new TrainingBatches(view, Format(view), batchSize: 8, seed: 5, poolBatches: 2);
        using var skipped = new TrainingBatches(view, Format(view), batchSize: 8, seed: 5, poolBatches: 2);
        for (int i = 0; i < 30; i++)
            taken.Next();
        skipped.Skip(30);
        for (int i = 0; i < 5; i++)
            CollectionAssert.AreEqual(Ids(taken.Next()), Ids(skipped.Next()));
        Assert.AreEqual(taken.Epoch, skipped.Epoch);
    }

    [TestMethod]
    public void BucketsLeaveLittlePadding()
    {
        IDataView view = View(Rows(2048, 6), shuffles: true);
        using var batches = new TrainingBatches(view, Format(view), batchSize: 32, seed: 1);
        long used = 0, padded = 0;
        for (int i = 0; i < 64; i++)
        {
            SequenceBatch batch = batches.Next();
            used += batch.Lengths.Take(batch.Rows).Sum();
            padded += batch.Steps * batch.Rows;
        }
        Assert.IsLessThan(1.1, (double)padded / used);
    }

    [TestMethod]
    public void NoRowsAreAnError()
    {
        IDataView view = View([], shuffles: false);
        using var batches = new TrainingBatches(view, Format(View(Rows(1, 1), shuffles: false)), batchSize: 4, seed: 1);
        Row.Fails<InvalidOperationException>(() => batches.Next(), "at least one row", "'Features'");
    }

    [TestMethod]
    public void OrderedBatchesFinishEachChunkBeforeTheNext()
    {
        List<Row> rows = Rows(103, 8);
        IDataView view = View(rows, shuffles: true);
        using var batches = new OrderedBatches(view, Format(view), ColumnUse.Training, batchSize: 5, chunkBatches: 4);
        for (int pass = 0; pass < 2; pass++)
        {
            var seen = new HashSet<long>();
            while (batches.Next() is SequenceBatch batch)
            {
                CheckAgainstSource(batch, rows, withTargets: true);
                foreach (long id in Ids(batch))
                {
                    Assert.IsTrue(id >= batches.ChunkStart && id < batches.ChunkStart + batches.ChunkRows);
                    Assert.AreEqual(batches.ChunkStart, id / 20 * 20);
                    Assert.IsTrue(seen.Add(id));
                }
            }
            Assert.HasCount(103, seen);
        }
    }

    [TestMethod]
    public void OrderedBatchesScoreWithoutLabels()
    {
        List<Row> rows = Rows(20, 8);
        IDataView view = new MLContext(1).Transforms.DropColumns("Label").Fit(View(rows, true)).Transform(View(rows, true));
        using var batches = new OrderedBatches(view, Format(View(rows, true)), ColumnUse.Scoring, batchSize: 8);
        int count = 0;
        while (batches.Next() is SequenceBatch batch)
        {
            CheckAgainstSource(batch, rows, withTargets: false);
            count += batch.Rows;
        }
        Assert.AreEqual(20, count);
    }

    [TestMethod]
    public void SteadyStateAllocatesNothing()
    {
        IDataView view = View(Rows(400, 3), shuffles: false);
        using var batches = new TrainingBatches(view, Format(view), batchSize: 10, seed: 1, poolBatches: 10);
        batches.Skip(1);
        for (int i = 0; i < 80; i++)
            batches.Next();
        // Within an epoch, pools refilled twice.
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 28; i++)
            batches.Next();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.AreEqual(0, allocated);
    }

    [TestMethod]
    public void CurriculumPassesOverLongRows()
    {
        IDataView view = View(Rows(200, 5), shuffles: false);
        using var batches = new TrainingBatches(view, Format(view), batchSize: 8, seed: 3, poolBatches: 5);
        batches.Next();
        batches.MaxInputSteps = 10;
        for (int i = 0; i < 50; i++)
            Assert.IsLessThanOrEqualTo(10, batches.Next().Steps);
        batches.MaxInputSteps = int.MaxValue;
        Assert.IsGreaterThan(30, Enumerable.Range(0, 50).Max(_ => batches.Next().Steps));
        batches.MaxInputSteps = 0;
        Row.Fails<InvalidOperationException>(() => batches.Next(), "at least one row", "at most 0 steps");
    }

    [TestMethod]
    public void LongRowsFillAChunkEarly()
    {
        var row = new Row { Features = new float[1 << 20] };
        IDataView view = Row.View(Enumerable.Repeat(row, 20));
        SequenceFormat format = FormatResolver.Resolve(view, new SequenceColumns { LabelColumnName = "Number", InputSize = 1 << 10 });
        using var batches = new OrderedBatches(view, format, ColumnUse.Scoring, batchSize: 1, chunkBatches: 64);
        var ids = new List<long>();
        for (; batches.Next() is SequenceBatch batch; ids.AddRange(Ids(batch)))
            Assert.AreEqual(ids.Count < 16 ? (0L, 16) : (16L, 4), (batches.ChunkStart, batches.ChunkRows));
        CollectionAssert.AreEqual(Enumerable.Range(0, 20).Select(id => (long)id).ToList(), ids);
    }

    [TestMethod]
    public void EveryCursorIsDisposed()
    {
        var view = new CountingView(View(Rows(30, 3), shuffles: false));
        SequenceFormat format = FormatResolver.Resolve(view, new SequenceColumns());
        using (var training = new TrainingBatches(view, format, batchSize: 8, seed: 1, poolBatches: 2))
        {
            while (training.Epoch < 3)
                training.Next();
        }
        using (var ordered = new OrderedBatches(view, format, ColumnUse.Training, batchSize: 8, chunkBatches: 2))
        {
            while (ordered.Next() is not null)
                Assert.AreEqual(1, view.Open);
            Assert.AreEqual(0, view.Open);
            ordered.Next();
        }
        Assert.AreEqual(0, view.Open);
        Assert.AreEqual(4 + 2, view.Opened);
    }

    private static List<Row> Rows(int count, int seed)
    {
        var random = new Random(seed);
        var rows = new List<Row>(count);
        for (int i = 0; i < count; i++)
        {
            int steps = random.Next(1, 41);
            rows.Add(new Row
            {
                Features = [.. Enumerable.Range(0, 2 * steps).Select(_ => random.NextSingle() + 1f)],
                Label = [.. Enumerable.Range(0, steps).Select(_ => random.NextSingle() + 1f)],
            });
        }
        return rows;
    }

    private static IDataView View(List<Row> rows, bool shuffles)
    {
        IDataView view = Row.View(rows, ("Features", Row.Steps(2)), ("Label", Row.Steps(1)));
        return shuffles ? new MLContext(1).Data.Cache(view) : view;
    }

    private static SequenceFormat Format(IDataView view) => FormatResolver.Resolve(view, new SequenceColumns());

    private static long[] Ids(SequenceBatch batch) => batch.RowIds[..batch.Rows];

    private static List<long> Order(IDataView view, int seed)
    {
        using var batches = new TrainingBatches(view, Format(view), batchSize: 8, seed, poolBatches: 4);
        return [.. Enumerable.Range(0, 50).SelectMany(_ => Ids(batches.Next()))];
    }

    private static void CheckAgainstSource(SequenceBatch batch, List<Row> rows, bool withTargets)
    {
        for (int r = 0; r < batch.Rows; r++)
        {
            Row row = rows[(int)batch.RowIds[r]];
            Assert.AreEqual(row.Label.Length, batch.Lengths[r]);
            Assert.AreEqual(1f, batch.Weights[r]);
            Assert.IsTrue(r == 0 ? batch.Steps == batch.Lengths[0] : batch.Lengths[r] <= batch.Lengths[r - 1]);
            for (int t = 0; t < batch.Steps; t++)
            {
                bool inside = t < batch.Lengths[r];
                CollectionAssert.AreEqual(inside ? row.Features[(2 * t)..(2 * t + 2)] : [0f, 0f], batch.Input(t, r).ToArray());
                CollectionAssert.AreEqual(new[] { inside && withTargets ? row.Label[t] : float.NaN }, batch.Target(t, r).ToArray());
            }
        }
    }
}
