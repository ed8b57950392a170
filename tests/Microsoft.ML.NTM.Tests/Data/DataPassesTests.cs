using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

/// <summary>Data that is not the same every time it is read: the error says in which reading what happened.</summary>
[TestClass]
public sealed class DataPassesTests
{
    [TestMethod]
    [DataRow(0, "Expected 5 rows in pass 3 over the training data, as in pass 1 over the training data, got none: the data can be read "
        + "only once", DisplayName = "gone")]
    [DataRow(4, "Expected 5 rows in pass 3 over the training data, as in pass 1 over the training data, got 4 rows",
        DisplayName = "shrunk")]
    [DataRow(6, "Expected 5 rows in pass 3 over the training data, as in pass 1 over the training data, got at least 6 rows",
        DisplayName = "grown")]
    public void TrainingDataThatChangesIsAnErrorThatNamesThePass(int rows, string message)
    {
        InvalidOperationException error = Fails(new ChangingView([5, 5, 5, rows]));
        StringAssert.StartsWith(error.Message, message);
        StringAssert.Contains(error.Message, "mlContext.Data.Cache");
    }

    [TestMethod]
    public void AReadingThatFailsSaysInWhichPassAndAfterHowManyRows()
    {
        InvalidOperationException error = Fails(new ChangingView([5, 5], throwAt: (Pass: 2, Row: 3)));
        Assert.AreEqual("Expected to read all rows in pass 2 over the training data, got an error after 3 rows: IOException: The disk is "
            + "gone.", error.Message);
        Assert.IsInstanceOfType<IOException>(error.InnerException);
    }

    [TestMethod]
    public void DataThatIsGoneAfterItWasMeasuredSaysSo() => StringAssert.StartsWith(Fails(new ChangingView([5, 0])).Message,
        "Expected at least 5 rows in pass 1 over the training data, as there were before training, got none: the data can be read only "
            + "once");

    [TestMethod]
    public void AMeasurementThatFailsSaysSo() => StringAssert.StartsWith(Fails(new ChangingView([5], throwAt: (Pass: 0, Row: 2))).Message,
        "Expected to read the rows in the pass that measures the training data, got an error: IOException: The disk is gone.");

    [TestMethod]
    public void ACancelledReadingIsCancelled()
    {
        var view = new ChangingView([5, 5], throwAt: (Pass: 2, Row: 3), fault: new OperationCanceledException());
        Assert.ThrowsExactly<OperationCanceledException>(() => Train(view, null));
    }

    [TestMethod]
    public void ValidationDataThatCanBeReadOnceSaysSo()
    {
        var validation = new ChangingView([5, 0]);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Train(new ChangingView([5]), validation));
        StringAssert.StartsWith((error.InnerException ?? error).Message,
            "Expected 5 rows in pass 2 over the validation data, as in pass 1 over the validation data, got none");
    }

    [TestMethod]
    public void ALongCurriculumCountsRowsThatItPassesOver()
    {
        IDataView view = new ChangingView([5]);
        using var batches = new TrainingBatches(view, FormatResolver.Resolve(view, Columns), batchSize: 2, seed: 1) { MaxInputSteps = 2 };
        for (int i = 0; i < 20; i++)
            Assert.IsLessThanOrEqualTo(2, batches.Next().Steps);
        batches.MaxInputSteps = int.MaxValue;
        for (int i = 0; i < 20; i++)
            batches.Next();
        Assert.IsGreaterThan(3, batches.Epoch);
    }

    private static SequenceColumns Columns => new();

    // A training that had begun says what interrupted it.
    private static InvalidOperationException Fails(ChangingView view)
    {
        Exception error = Assert.Throws<InvalidOperationException>(() => Train(view, null));
        return (InvalidOperationException)(error is TrainingInterruptedException interrupted ? interrupted.InnerException! : error);
    }

    private static void Train(IDataView data, IDataView? validation)
    {
        var ml = new MLContext(1);
        ml.Sequence.Trainers.Lstm(new()
        {
            ControllerSize = 2,
            NumberOfIterations = 200,
            BatchSize = 2,
            ValidationInterval = 5,
            ValidationSetFraction = 0,
            NumberOfThreads = 1
        }).Fit(data, validation);
    }

    /// <summary>Gives as many rows as it is told for each reading that goes beyond the first row, the last number for ever.</summary>
    private sealed class ChangingView(int[] rows, (int Pass, int Row)? throwAt = null, Exception? fault = null) : IDataView
    {
        private readonly IDataView _most = Row.View([.. Enumerable.Range(1, 10).Select(steps => new Row
        {
            Features = [.. Enumerable.Range(0, 2 * steps).Select(i => i / 20f)],
            Label = [.. Enumerable.Range(0, steps).Select(i => i / 10f)],
        })], ("Features", Row.Steps(2)), ("Label", Row.Steps(1)));

        private int _pass;

        public bool CanShuffle => false;

        public DataViewSchema Schema => _most.Schema;

        public long? GetRowCount() => null;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            new Cursor(this, _most.GetRowCursor(columnsNeeded));

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded)];

        private bool Move(DataViewRowCursor cursor, ref int read)
        {
            if (read < 0)
                return false;
            int pass = Math.Min(_pass, rows.Length - 1);
            if (throwAt is (int badPass, int badRow) && _pass == badPass && read == badRow)
                throw fault ?? new IOException("The disk is gone.");
            if (read < rows[pass] && cursor.MoveNext())
            {
                read++;
                return true;
            }
            _pass++;
            read = -1;
            return false;
        }

        private sealed class Cursor(ChangingView view, DataViewRowCursor inner) : PassingCursor(inner)
        {
            private int _read;

            public override bool MoveNext() => view.Move(Inner, ref _read);
        }
    }
}
