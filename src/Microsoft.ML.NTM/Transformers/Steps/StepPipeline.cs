using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.NTM.Transformers.Steps;

/// <summary>A fitted pipeline whose rows are sequences, and how to make of it one whose rows are steps.</summary>
internal sealed class StepPipeline
{
    private readonly IHostEnvironment _environment;
    private readonly ITransformer[] _parts;

    /// <param name="environment">Where its parts are made.</param>
    /// <param name="pipeline">The fitted pipeline.</param>
    /// <param name="what">What needs it, for the error.</param>
    /// <exception cref="ArgumentException">
    /// The pipeline does not hold exactly one sequence model, or something that needs several rows.
    /// </exception>
    public StepPipeline(IHostEnvironment environment, ITransformer pipeline, string what = "A step engine")
    {
        _environment = environment;
        _parts = [.. PipelineParts.Of(pipeline)];
        Model = PipelineParts.OnlyModel(_parts, what).Model;
        foreach (ITransformer part in _parts)
        {
            if (!part.IsRowToRowMapper && part is not PackTransformer)
            {
                throw new ArgumentException($"{what} cannot take one row at a time through {part.GetType().Name}, which needs several.",
                    nameof(pipeline));
            }
        }
    }

    /// <summary>The sequence model.</summary>
    public SequenceModelParameters Model { get; }

    /// <summary>The pipeline for steps.</summary>
    /// <param name="answers">What answers the rows of a cursor.</param>
    public ITransformer Build(Func<DataViewRow, SequenceFormat, IAnswers> answers) =>
        Build(model => model.ForSteps(_environment, answers));

    /// <summary>The pipeline for steps, to be written as ONNX.</summary>
    /// <param name="writer">What writes its model.</param>
    public ITransformer Build(ISequenceOnnxWriter writer) => Build(model => model.ForSteps(_environment, writer));

    private TransformerChain<ITransformer> Build(Func<SequenceTransformer, SequenceTransformer> forSteps) =>
        new([.. _parts.Select(part => part switch
        {
            SequenceTransformer model => forSteps(model),
            PackTransformer pack => new PackStepTransformer(_environment, pack.Options),
            _ => part,
        })]);
}
