using System.Collections.Concurrent;

namespace Microsoft.ML.NTM.Transformers.Steps;

/// <summary>
/// A fitted pipeline in which the sequence model takes a row for a step: ML.NET's own prediction engine around a <see cref="StepAnswers"/>.
/// Used by one thread at a time.
/// </summary>
internal sealed class StepPipe<TStep, TAnswer>
    where TStep : class
    where TAnswer : class, new()
{
    private readonly PredictionEngine<TStep, TAnswer> _engine;
    private readonly StepAnswers _answers;

    public StepPipe(MLContext context, StepPipeline pipeline)
    {
        StepAnswers? made = null;
        ITransformer chain = pipeline.Build((row, format) => made ??= new StepAnswers(row, format));
        _engine = context.Model.CreatePredictionEngine<TStep, TAnswer>(chain, new PredictionEngineOptions { OwnsTransformer = false });
        _answers = made ?? throw new InvalidOperationException("The prediction engine asked the sequence model for nothing.");
    }

    /// <summary>The next step of a sequence, or its next answer.</summary>
    public void Run(StepSession session, bool asks, TStep step, ref TAnswer answer)
    {
        (_answers.Session, _answers.Asks) = (session, asks);
        try
        {
            _engine.Predict(step, ref answer);
            _answers.Logits(); // a step is a step, whether or not any of its answers are wanted
        }
        finally
        {
            _answers.Session = null;
        }
    }
}

/// <summary>As many pipes as threads ever ran steps at once, shared by all sequences of a step engine and its clones.</summary>
internal sealed class StepPipes<TStep, TAnswer>(MLContext context, StepPipeline pipeline)
    where TStep : class
    where TAnswer : class, new()
{
    private readonly ConcurrentBag<StepPipe<TStep, TAnswer>> _idle = [new(context, pipeline)];

    public StepPipe<TStep, TAnswer> Rent() => _idle.TryTake(out StepPipe<TStep, TAnswer>? pipe) ? pipe
        : new StepPipe<TStep, TAnswer>(context, pipeline);

    public void Return(StepPipe<TStep, TAnswer> pipe) => _idle.Add(pipe);
}
