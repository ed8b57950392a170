using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Conformance;

/// <summary>What ML.NET's own estimator tests verify, for any estimator: promises kept, bad input refused, round trips exact.</summary>
internal static class EstimatorConformance
{
    /// <summary>Fits on <paramref name="valid"/> and checks everything; returns the fitted transformer.</summary>
    public static ITransformer Check(MLContext ml, IEstimator<ITransformer> estimator, IDataView valid, params IDataView[] bad)
    {
        SchemaShape promised = estimator.GetOutputSchema(SchemaShape.Create(valid.Schema));
        ITransformer transformer = estimator.Fit(valid);
        IDataView scored = transformer.Transform(valid);
        CheckShapes(promised, SchemaShape.Create(scored.Schema));
        Assert.AreEqual(Describe(scored.Schema), Describe(transformer.GetOutputSchema(valid.Schema)),
            "GetOutputSchema and Transform differ.");

        ITransformer reloaded = Reload(ml, transformer, valid.Schema);
        IDataView rescored = reloaded.Transform(valid);
        Assert.AreEqual(Describe(scored.Schema), Describe(rescored.Schema), "The reloaded transformer has another schema.");
        DataViewValues.AssertSame(scored, rescored);
        CheckRowMapper(transformer, valid, scored);
        CheckRowMapper(reloaded, valid, scored);

        foreach (IDataView data in bad)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShape.Create(data.Schema)));
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data));
            foreach (ITransformer each in new[] { transformer, reloaded })
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => each.GetOutputSchema(data.Schema));
                Assert.Throws<ArgumentOutOfRangeException>(() => each.Transform(data));
            }
        }
        return transformer;
    }

    /// <summary>The transformer as another context reads it back from a .zip.</summary>
    public static ITransformer Reload(MLContext ml, ITransformer transformer, DataViewSchema schema)
    {
        var file = new MemoryStream();
        ml.Model.Save(transformer, schema, file);
        file.Position = 0;
        return new MLContext().Model.Load(file, out _);
    }

    private static void CheckShapes(SchemaShape promised, SchemaShape delivered)
    {
        CollectionAssert.AreEquivalent(promised.Select(Describe).ToArray(), delivered.Select(Describe).ToArray());
    }

    private static void CheckRowMapper(ITransformer transformer, IDataView valid, IDataView scored)
    {
        if (!transformer.IsRowToRowMapper)
        {
            Assert.Throws<InvalidOperationException>(() => transformer.GetRowToRowMapper(valid.Schema));
            return;
        }
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(valid.Schema);
        Assert.AreEqual(Describe(scored.Schema), Describe(mapper.OutputSchema));
        using DataViewRowCursor input = valid.GetRowCursor(valid.Schema);
        using DataViewRowCursor expected = scored.GetRowCursor(scored.Schema);
        DataViewRow mapped = mapper.GetRow(input, mapper.OutputSchema);
        var read = DataViewValues.Readers(mapped);
        var readExpected = DataViewValues.Readers(expected);
        while (input.MoveNext())
        {
            Assert.IsTrue(expected.MoveNext());
            for (int i = 0; i < read.Length; i++)
                Assert.AreEqual(readExpected[i](), read[i](), scored.Schema[i].Name);
        }
        Assert.IsFalse(expected.MoveNext());
        mapped.Dispose();
    }

    private static string Describe(DataViewSchema schema) => string.Join("\n", schema.Select(column =>
        $"{column.Name}: {column.Type} hidden={column.IsHidden} "
            + $"{{{string.Join(", ", column.Annotations.Schema.Select(a => $"{a.Name}: {a.Type}"))}}}"));

    private static string Describe(SchemaShape.Column column) =>
        $"{column.Name}: {column.Kind} {column.ItemType} key={column.IsKey} "
            + $"{{{string.Join(", ", column.Annotations.Select(Describe).Order())}}}";
}
