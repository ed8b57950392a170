namespace Microsoft.ML.NTM.Transformers;

/// <summary>Fitted pipelines, part by part.</summary>
internal static class PipelineParts
{
    /// <summary>The parts in their order; a chain in a chain is as good as its parts.</summary>
    public static IEnumerable<ITransformer> Of(ITransformer transformer) =>
        transformer is IEnumerable<ITransformer> chain ? chain.SelectMany(Of) : [transformer];

    /// <summary>The sequence model among the parts.</summary>
    /// <param name="pipeline">The parts.</param>
    /// <param name="what">What needs it, for the error.</param>
    /// <exception cref="ArgumentException">There is none, or more than one.</exception>
    public static SequenceTransformer OnlyModel(IReadOnlyList<ITransformer> pipeline, string what)
    {
        SequenceTransformer[] models = [.. pipeline.OfType<SequenceTransformer>()];
        return models.Length == 1 ? models[0]
            : throw new ArgumentException($"{what} needs a pipeline with one sequence model; this one has {models.Length}.",
                nameof(pipeline));
    }
}
