namespace Microsoft.ML.NTM.Training;

/// <summary>Who watches a training. Called on the training's thread; what a call throws ends the training.</summary>
internal interface ITrainingObserver
{
    /// <summary>
    /// Called before every iteration; throws <see cref="OperationCanceledException"/> to end the training without a result.
    /// </summary>
    void CheckAlive();

    /// <summary>Called every so many iterations, and at the end for the rest.</summary>
    void Report(TrainingProgress progress);

    /// <summary>Something that is good to know: where the training begins, for one.</summary>
    void Note(string message);

    /// <summary>Something went wrong and was dealt with.</summary>
    void Warn(string message);
}
