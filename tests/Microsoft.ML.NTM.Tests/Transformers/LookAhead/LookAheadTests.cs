using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Tests.Trainers;

namespace Microsoft.ML.NTM.Tests.Transformers.LookAhead;

[TestClass]
public sealed class LookAheadTests
{
    // libtorch sums a batch's products in another order than a single row's.
    private const float Rounding = 1e-5f;

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void RowsScoreAsTheyDoOnTheManagedEngineAndKeepTheirOrder()
    {
        IDataView data = SmallNtm.Data(_ml, rows: 300, seed: 5);
        using SequenceTransformer model = Model();
        IDataView ahead = model.Transform(data), managed = EstimatorConformance.Reload(_ml, model, data.Schema).Transform(data);

        CollectionAssert.AreEqual(managed.Schema.Select(column => $"{column}").ToArray(), ahead.Schema.Select(column => $"{column}")
            .ToArray());
        float[][] expected = [.. managed.GetColumn<float[]>("Score")], actual = [.. ahead.GetColumn<float[]>("Score")];
        Assert.HasCount(300, actual);
        for (int row = 0; row < expected.Length; row++)
            AssertClose(expected[row], actual[row]);
        CollectionAssert.AreEqual(data.GetColumn<float[]>("Features").Select(row => row.Length).ToArray(),
            ahead.GetColumn<float[]>("Features").Select(row => row.Length).ToArray());
    }

    [TestMethod]
    public void AChainReadsAhead()
    {
        CountingRows rows = Count(100);
        using SequenceTransformer model = Model();
        ITransformer chain = new TransformerChain<ITransformer>(model);
        using DataViewRowCursor cursor = chain.Transform(rows.View).GetRowCursor(chain.GetOutputSchema(rows.View.Schema));
        rows.Read = 0;

        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(100, rows.Read, "As many as a few batches hold, once.");
    }

    [TestMethod]
    public void ShuffledRowsKeepTheirAnswers()
    {
        IDataView data = _ml.Data.Cache(SmallNtm.Data(_ml, rows: 150, seed: 3));
        using SequenceTransformer model = Model();
        IDataView scored = model.Transform(data);
        Dictionary<string, float[]> expected = [];
        foreach ((string features, float[] score) in Read(scored, null))
            expected[features] = score;
        Assert.IsTrue(scored.CanShuffle);
        List<(string Features, float[] Score)> shuffled = Read(scored, new Random(4));

        CollectionAssert.AreNotEqual(data.GetColumn<float[]>("Features").Select(Text).ToArray(), shuffled.Select(row => row.Features)
            .ToArray());
        Assert.HasCount(150, shuffled);
        foreach ((string features, float[] score) in shuffled)
            AssertClose(expected[features], score);
    }

    [TestMethod]
    public void ARowThatCannotServeSaysSoWhenItsAnswerIsAskedForAndTheOthersAreAnswered()
    {
        TaskSequence[] rows = [.. new CopyTask(1, 3, bits: 2).Rows(20)];
        rows[7].Features[1] = float.NaN;
        IDataView data = _ml.Data.LoadFromEnumerable(rows, SmallNtm.Data(_ml, rows: 1).Schema);
        using SequenceTransformer model = Model();
        using DataViewRowCursor cursor = model.Transform(data).GetRowCursor(model.GetOutputSchema(data.Schema));
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Score"]);
        VBuffer<float> score = default;

        for (int row = 0; row < rows.Length; row++)
        {
            Assert.IsTrue(cursor.MoveNext());
            if (row != 7)
            {
                getter(ref score);
                Assert.AreEqual(2 * rows[row].OutputLength, score.Length);
                continue;
            }
            for (int again = 0; again < 2; again++)
                StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => getter(ref score)).Message,
                    "Column 'Features', row 7 (counted from 0): expected finite numbers");
        }
        Assert.IsFalse(cursor.MoveNext());
    }

    [TestMethod]
    [DataRow(SequenceBackend.Managed)]
    [DataRow(SequenceBackend.Torch)]
    public void DataThatCanBeReadOnceIsReadOnce(SequenceBackend backend)
    {
        int readers = 0;
        IDataView once = _ml.Data.LoadFromEnumerable(new Changing(() => readers++ == 0 ? new CopyTask(1, 3, bits: 2).Rows(150)
            : throw new InvalidOperationException("read twice")), SmallNtm.Data(_ml, rows: 1).Schema);
        using SequenceTransformer model = Model(backend);

        using DataViewRowCursor cursor = model.Transform(once).GetRowCursor(model.GetOutputSchema(once.Schema));
        int rows = 0;
        while (cursor.MoveNext())
            Assert.AreEqual(rows++, cursor.Position);
        Assert.AreEqual(150, rows);
        Assert.AreEqual(1, readers);
    }

    [TestMethod]
    public void ABatchGivesEveryRowTheBitsThatItHasAlone()
    {
        TaskSequence[] rows = [.. new CopyTask(1, 12, bits: 2).Rows(400)];
        IDataView data = _ml.Data.LoadFromEnumerable(rows, SmallNtm.Data(_ml, rows: 1).Schema);
        using SequenceTransformer model = Model(SequenceBackend.Managed);
        float[][] together = [.. model.Transform(data).GetColumn<float[]>("Score")];
        Assert.HasCount(rows.Length, together);
        IRowToRowMapper mapper = ((ITransformer)model).GetRowToRowMapper(data.Schema);
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        using DataViewRow scored = mapper.GetRow(cursor, mapper.OutputSchema);
        ValueGetter<VBuffer<float>> getter = scored.GetGetter<VBuffer<float>>(mapper.OutputSchema["Score"]);
        VBuffer<float> score = default;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            getter(ref score);
            CollectionAssert.AreEqual(score.DenseValues().ToArray(), together[row], $"row {row}");
        }
    }

    [TestMethod]
    public void EveryKindOfColumnPassesWithItsRow()
    {
        var rows = new CopyTask(1, 3, bits: 2).Rows(300).Select((row, i) => new Named
        {
            Features = row.Features,
            Label = row.Label,
            OutputLength = row.OutputLength,
            Name = $"row {i}",
            Number = i,
            Words = [$"{i}", "word"],
        });
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        using SequenceTransformer model = Model(SequenceBackend.Managed);
        IDataView scored = model.Transform(data);

        int place = 0;
        foreach (Named row in _ml.Data.CreateEnumerable<Named>(scored, reuseRowObject: false))
        {
            Assert.AreEqual($"row {place}", row.Name);
            Assert.AreEqual(place, row.Number);
            CollectionAssert.AreEqual(new[] { $"{place}", "word" }, row.Words);
            place++;
        }
        Assert.AreEqual(300, place);
        DataViewValues.Rows(scored);
    }

    [TestMethod]
    public void AColumnThatFailsSaysSoAtItsRowAndHarmsNoOther()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new CopyTask(1, 3, bits: 2).Rows(20).Select((row, i) => new Fragile(i)
        {
            Features = row.Features,
            Label = row.Label,
            OutputLength = row.OutputLength,
        }));
        using SequenceTransformer model = Model(SequenceBackend.Managed);
        using DataViewRowCursor cursor = model.Transform(data).GetRowCursor(model.GetOutputSchema(data.Schema));
        ValueGetter<VBuffer<float>> score = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Score"]);
        ValueGetter<int> number = cursor.GetGetter<int>(cursor.Schema["Number"]);
        VBuffer<float> answer = default;
        int value = 0;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            score(ref answer);
            if (row == 7)
                Assert.Throws<FormatException>(() => number(ref value));
            else
                number(ref value);
        }
    }

    [TestMethod]
    public void WhereNoAnswerIsAskedForNothingIsReadAhead()
    {
        CountingRows rows = Count(50);
        using SequenceTransformer model = Model();
        IDataView scored = model.Transform(rows.View);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Features"]]);
        rows.Read = 0;

        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(1, rows.Read);
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]));
    }

    [TestMethod]
    public void AColumnThatHidesAnotherIsTheModels()
    {
        IDataView data = SmallNtm.Data(_ml, rows: 5), before = _ml.Transforms.CopyColumns("Score", "Label").Fit(data).Transform(data);
        using SequenceTransformer model = Model();
        float[][] expected = [.. model.Transform(data).GetColumn<float[]>("Score")],
            actual = [.. model.Transform(before).GetColumn<float[]>("Score")];

        for (int row = 0; row < expected.Length; row++)
            AssertClose(expected[row], actual[row]);
        DataViewValues.Rows(model.Transform(before));
    }

    [TestMethod]
    public void RowsThatTheirViewNumbersWithGapsKeepTheirAnswers()
    {
        IDataView all = SmallNtm.Data(_ml, rows: 200), part = new PartialView(all, place => place % 3 == 1);
        using SequenceTransformer model = _ml.Sequence.Trainers.Ntm(SmallNtm.Options()).Fit(all);
        float[][] scores = [.. model.Transform(all).GetColumn<float[]>("Score")];

        float[][] found = [.. model.Transform(part).GetColumn<float[]>("Score")];
        float[][] expected = [.. scores.Where((_, place) => place % 3 == 1)];
        Assert.HasCount(expected.Length, found);
        for (int i = 0; i < found.Length; i++)
            CollectionAssert.AreEqual(expected[i], found[i]);
    }

    private SequenceTransformer Model(SequenceBackend backend = SequenceBackend.Torch)
    {
        NtmTrainer.Options options = SmallNtm.Options(iterations: 2);
        options.Backend = backend;
        return _ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(_ml, rows: 8));
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], Rounding);
    }

    private static List<(string Features, float[] Score)> Read(IDataView scored, Random? random)
    {
        var rows = new List<(string, float[])>();
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Features"], scored.Schema["Score"]], random);
        ValueGetter<VBuffer<float>> features = cursor.GetGetter<VBuffer<float>>(scored.Schema["Features"]),
            score = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        VBuffer<float> value = default;
        while (cursor.MoveNext())
        {
            features(ref value);
            string text = Text([.. value.DenseValues()]);
            score(ref value);
            rows.Add((text, [.. value.DenseValues()]));
        }
        return rows;
    }

    private static string Text(float[] values) => string.Join(" ", values);

    private CountingRows Count(int rows)
    {
        var counting = new CountingRows();
        counting.View = _ml.Data.LoadFromEnumerable(new Changing(() => new CopyTask(1, 3, bits: 2).Rows(rows).Select(row =>
        {
            counting.Read++;
            return row;
        })), SmallNtm.Data(_ml, rows: 1).Schema);
        return counting;
    }

    private sealed class CountingRows
    {
        public int Read { get; set; }

        public IDataView View { get; set; } = null!;
    }

    // Asks anew for every reader.
    private sealed class Changing(Func<IEnumerable<TaskSequence>> rows) : IEnumerable<TaskSequence>
    {
        public IEnumerator<TaskSequence> GetEnumerator() => rows().GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private sealed class Named
    {
        [VectorType(0, 2)]
        public float[] Features { get; set; } = [];
        public float[] Label { get; set; } = [];
        public int OutputLength { get; set; }
        public string Name { get; set; } = "";
        public int Number { get; set; }
        public string[] Words { get; set; } = [];
    }

    private sealed class Fragile(int number)
    {
        [VectorType(0, 2)]
        public float[] Features { get; set; } = [];
        public float[] Label { get; set; } = [];
        public int OutputLength { get; set; }
        public int Number
        {
            get => number == 7 ? throw new FormatException("seven") : number;
            set => throw new NotSupportedException();
        }
    }
}
