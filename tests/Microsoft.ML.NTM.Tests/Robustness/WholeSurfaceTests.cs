using CsCheck;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>Random schemas, rows and options: what comes out is a result, or one of the errors that the documentation names.</summary>
[TestClass]
public sealed class WholeSurfaceTests
{
    private const string Fine = "fine", BadOptions = "bad options", BadSchema = "bad schema", BadRow = "bad row", BadSource = "bad source";

    private static readonly Gen<(RandomTable Table, SequenceTrainerOptions Options)> s_training =
        Gen.Select(RandomTable.Any, RandomOptions.Trainer, (table, options) => (table, options));

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void AnyTableIsReadForTrainingAndScoringOrRefused()
    {
        Dictionary<string, int> ends = RandomCases.Run(s_training, share: 8_000, one => Documented(() =>
        {
            Trainer(new MLContext(1), one.Options).GetOutputSchema(SchemaShape.Create(one.Table.Schema));
            SequenceFormat format = FormatResolver.Resolve(one.Table, one.Options.ToColumns());
            foreach (ColumnUse use in Enum.GetValues<ColumnUse>())
            {
                using var batches = new OrderedBatches(one.Table, format, use, 3);
                int rows = 0;
                for (; batches.Next() is { } batch; rows += batch.Rows)
                    Assert.IsGreaterThan(0, batch.Steps);
                if (use == ColumnUse.Scoring && one.Table.Trick == Trick.None)
                    Assert.AreEqual(one.Table.Rows, rows);
                else if (one.Table.Trick == Trick.None)
                    Assert.IsLessThanOrEqualTo(one.Table.Rows, rows, "Rows with nothing to score are passed over.");
            }
        }));
        RandomCases.AssertCovers(ends, TestContext, Fine, BadOptions, BadSchema, BadRow);
    }

    [TestMethod]
    public void AnyTableIsPackedOrRefused()
    {
        Gen<(RandomTable Table, PackOptions Options)> cases =
            Gen.Select(RandomTable.Steps, RandomOptions.Pack, (table, options) => (table, options));
        Dictionary<string, int> ends = RandomCases.Run(cases, share: 5_000, one => Documented(() =>
        {
            var ml = new MLContext(1);
            PackEstimator estimator = ml.Sequence.Transforms.Pack(one.Options);
            SchemaShape promised = estimator.GetOutputSchema(SchemaShape.Create(one.Table.Schema));
            IDataView packed = estimator.Fit(one.Table).Transform(one.Table);
            CollectionAssert.AreEqual(promised.Select(column => (column.Name, column.Kind)).ToArray(),
                SchemaShape.Create(packed.Schema).Select(column => (column.Name, column.Kind)).ToArray());
            int rows = DataViewValues.Rows(packed).Count;
            if (one.Table.Trick == Trick.None)
                Assert.IsLessThanOrEqualTo(one.Table.Rows, rows);
        }));
        RandomCases.AssertCovers(ends, TestContext, Fine, BadOptions, BadSchema, BadRow);
    }

    [TestMethod]
    public void AnyTableIsTrainedOnScoredSavedAndMeasuredOrRefused()
    {
        Dictionary<string, int> ends = RandomCases.Run(s_training, share: 1_000, one => Documented(() =>
        {
            var ml = new MLContext(1);
            using SequenceTransformer model = Trainer(ml, one.Options).Fit(one.Table);
            IDataView scored = model.Transform(one.Table);
            List<string> rows = DataViewValues.Rows(scored);
            if (one.Table.Trick != Trick.None)
                return;
            Assert.HasCount(one.Table.Rows, rows);
            ITransformer reloaded = EstimatorConformance.Reload(ml, model, one.Table.Schema);
            CollectionAssert.AreEqual(rows, DataViewValues.Rows(reloaded.Transform(one.Table)));
            if (model.Model.Network.Bidirectional)
                Assert.Throws<NotSupportedException>(() => ml.Sequence.Trace(model, one.Table));
            else
                Assert.AreEqual(one.Table.Rows, ml.Sequence.Trace(model, one.Table).Count());
            if (!model.Model.Sequence.OneLabelPerSequence)
                Assert.IsGreaterThanOrEqualTo(0, ml.Sequence.Evaluate(scored, one.Options.LabelColumnName).Sequences);
        }));
        RandomCases.AssertCovers(ends, TestContext, Fine, BadOptions, BadSchema, BadRow);
    }

    private static ITrainerEstimator<SequenceTransformer, SequenceModelParameters> Trainer(MLContext ml, SequenceTrainerOptions options) =>
        options switch
        {
            NtmTrainer.Options ntm => ml.Sequence.Trainers.Ntm(ntm),
            DncTrainer.Options dnc => ml.Sequence.Trainers.Dnc(dnc),
            _ => ml.Sequence.Trainers.Lstm((LstmTrainer.Options)options),
        };

    private static string Documented(Action use)
    {
        try
        {
            use();
            return Fine;
        }
        catch (ArgumentOutOfRangeException fault) when (fault.ParamName == "schema")
        {
            return BadSchema;
        }
        catch (ArgumentException fault) when (fault.GetType() == typeof(ArgumentException) && fault.ParamName is "options" or "spec")
        {
            return BadOptions;
        }
        catch (TrainingDivergedException)
        {
            return "diverged";
        }
        // Where ML.NET reads with several cursors at once it wraps what a cursor throws.
        catch (InvalidOperationException fault)
            when (Chain(fault).Any(error => error.Message.Contains("xpected", StringComparison.Ordinal)))
        {
            (fault as TrainingInterruptedException)?.Model.Dispose();
            return Chain(fault).Any(error => error.Message == RandomTable.Broken) ? BadSource : BadRow;
        }
        // Where nothing is trained, what breaks a cursor comes as it is.
        catch (Exception fault) when (fault.GetBaseException() is IOException { Message: RandomTable.Broken })
        {
            return BadSource;
        }
    }

    private static IEnumerable<Exception> Chain(Exception fault)
    {
        for (Exception? error = fault; error is not null; error = error.InnerException)
            yield return error;
    }
}
