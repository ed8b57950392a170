namespace Microsoft.ML.NTM.Training;

/// <summary>
/// Gives up a batch that nobody waits for any more, because a stop was asked for or the time is over; never seen by users.
/// </summary>
internal sealed class BatchAbandonedException : OperationCanceledException;
