using CsCheck;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Tests.Conformance;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>Random schemas, rows and options: what comes out is a result, or one of the errors that the documentation names.</summary>
[TestClass]
public sealed class WholeSurfaceTests
{
    private const string Fine = "fine", BadOptions = "bad options", BadSchema = "bad schema", BadRow = "bad row";

    private static readonly Gen<(RandomTable Table, LstmTrainer.Options Options)> s_training =
        Gen.Select(RandomTable.Any, RandomOptions.Trainer, (table, options) => (table, options));

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void AnyTableIsReadForTrainingAndScoringOrRefused()
    {
        Dictionary<string, int> ends = RandomCases.Run(s_training, share: 8_000, one => Documented(() =>
        {
            LstmTrainer trainer = new MLContext(1).Sequence.Trainers.Lstm(one.Options);
            trainer.GetOutputSchema(SchemaShape.Create(one.Table.Schema));
            SequenceFormat format = FormatResolver.Resolve(one.Table, one.Options.ToColumns());
            foreach (ColumnUse use in Enum.GetValues<ColumnUse>())
            {
                using var batches = new OrderedBatches(one.Table, format, use, 3);
                int rows = 0;
                for (; batches.Next() is { } batch; rows += batch.Rows)
                    Assert.IsGreaterThan(0, batch.Steps);
                if (use == ColumnUse.Scoring)
                    Assert.AreEqual(one.Table.Rows, rows);
                else
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
            Assert.IsLessThanOrEqualTo(one.Table.Rows, DataViewValues.Rows(packed).Count);
        }));
        RandomCases.AssertCovers(ends, TestContext, Fine, BadOptions, BadSchema, BadRow);
    }

    [TestMethod]
    public void AnyTableIsTrainedOnScoredSavedAndMeasuredOrRefused()
    {
        Dictionary<string, int> ends = RandomCases.Run(s_training, share: 1_000, one => Documented(() =>
        {
            var ml = new MLContext(1);
            using SequenceTransformer model = ml.Sequence.Trainers.Lstm(one.Options).Fit(one.Table);
            IDataView scored = model.Transform(one.Table);
            List<string> rows = DataViewValues.Rows(scored);
            Assert.HasCount(one.Table.Rows, rows);
            ITransformer reloaded = EstimatorConformance.Reload(ml, model, one.Table.Schema);
            CollectionAssert.AreEqual(rows, DataViewValues.Rows(reloaded.Transform(one.Table)));
            Assert.AreEqual(one.Table.Rows, ml.Sequence.Trace(model, one.Table).Count());
            if (!model.Model.Sequence.OneLabelPerSequence)
                Assert.IsGreaterThanOrEqualTo(0, ml.Sequence.Evaluate(scored, one.Options.LabelColumnName).Sequences);
        }));
        RandomCases.AssertCovers(ends, TestContext, Fine, BadOptions, BadSchema, BadRow);
    }

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
        catch (InvalidOperationException fault) when (fault.GetBaseException().Message.Contains("xpected", StringComparison.Ordinal))
        {
            return BadRow;
        }
    }
}
