using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.NTM.Transformers.Steps;

/// <summary>A fitted pipeline whose rows are sequences, and how to make of it one whose rows are steps.</summary>
internal sealed class StepPipeline
{
    private readonly IHostEnvironment _environment;
    private readonly ITransformer[] _parts;

    /// <exception cref="ArgumentException">The pipeline does not hold exactly one sequence model, or something that needs several
    /// rows.</exception>
    public StepPipeline(IHostEnvironment environment, ITransformer pipeline)
    {
        _environment = environment;
        _parts = [.. PipelineParts.Of(pipeline)];
        Model = PipelineParts.OnlyModel(_parts, "A step engine").Model;
        foreach (ITransformer part in _parts)
        {
            if (!part.IsRowToRowMapper && part is not PackTransformer)
                throw new ArgumentException(
                    $"A step engine cannot take one row at a time through {part.GetType().Name}, which needs several.", nameof(pipeline));
        }
    }

    /// <summary>The sequence model.</summary>
    public SequenceModelParameters Model { get; }

    /// <summary>The pipeline for steps.</summary>
    /// <param name="answers">What answers the rows of a cursor.</param>
    public ITransformer Build(Func<DataViewRow, SequenceFormat, IAnswers> answers) =>
        new TransformerChain<ITransformer>([.. _parts.Select(part => part switch
    {
        SequenceTransformer model => model.ForSteps(_environment, answers),
        PackTransformer pack => new PackStepTransformer(_environment, pack.Options),
        _ => part,
    })]);
}
