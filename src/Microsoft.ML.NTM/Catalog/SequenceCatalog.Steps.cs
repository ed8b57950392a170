using Microsoft.ML.Data;

namespace Microsoft.ML.NTM;

public sealed partial class SequenceCatalog
{
    /// <summary>
    /// Runs a fitted pipeline on sequences that are not over yet: one step in, one answer out, the network's memory kept in between.
    /// </summary>
    /// <typeparam name="TStep">A step: the columns the pipeline reads, with the values of a single step.</typeparam>
    /// <typeparam name="TAnswer">The columns wanted.</typeparam>
    /// <param name="model">
    /// A sequence model, or a pipeline with one: what stands before and after it takes one row at a time. A pipeline that begins by packing
    /// a table takes rows of that table.
    /// </param>
    /// <exception cref="ArgumentException">The pipeline has no or several sequence models, or needs several rows at once.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <example>
    /// <code>
    /// var engine = ml.Sequence.CreateStepEngine&lt;Reading, Forecast&gt;(model);
    /// foreach (Reading reading in sensor)
    ///     Console.WriteLine(engine.Step(reading).Score[0]);
    /// </code>
    /// </example>
    public SequenceStepEngine<TStep, TAnswer> CreateStepEngine<TStep, TAnswer>(ITransformer model)
        where TStep : class, new()
        where TAnswer : class, new()
    {
        ArgumentNullException.ThrowIfNull(model);
        return new SequenceStepEngine<TStep, TAnswer>(_context, CatalogUtils.GetEnvironment(this), model);
    }
}
