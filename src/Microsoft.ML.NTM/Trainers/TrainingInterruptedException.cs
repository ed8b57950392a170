namespace Microsoft.ML.NTM;

/// <summary>
/// Something failed while a network was trained: the data could no longer be read, for one. What had been learned until then is not lost:
/// it is in <see cref="Model"/>. What failed is the <see cref="Exception.InnerException"/>.
/// </summary>
public sealed class TrainingInterruptedException : InvalidOperationException
{
    internal TrainingInterruptedException(SequenceTransformer model, Exception cause)
        : base(FormattableString.Invariant($"Training was interrupted after {model.Model.History!.Iterations} iterations: {cause.Message} ")
            + $"The best model so far is this exception's {nameof(Model)}.", cause) => Model = model;

    /// <summary>The best model so far: that of the best validation, else the last. The caller disposes of it.</summary>
    public SequenceTransformer Model { get; }
}
