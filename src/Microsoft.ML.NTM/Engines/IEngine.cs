using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Engines;

/// <summary>
/// A way to run a network. It runs with the parameters that it was given last, and keeps what it needs of them. An engine is used by one
/// thread at a time; a transformer that scores from several threads has several.
/// </summary>
internal interface IEngine : IDisposable
{
    /// <summary>
    /// Called every few steps, on any of the engine's threads. What it throws, an <see cref="OperationCanceledException"/>, gives up what
    /// the engine works on; the engine can go on to something else. Null: nobody is asked.
    /// </summary>
    Action? CheckAlive { get; set; }

    /// <summary>
    /// Gives the network its parameters: before anything else, and again after each change. They are copied, so later changes to the
    /// caller's numbers have no effect.
    /// </summary>
    /// <param name="parameters">The flat parameters of a <see cref="ParameterSet"/>: [P].</param>
    /// <exception cref="ArgumentException">There are more or fewer than the network has.</exception>
    void Load(ReadOnlySpan<float> parameters);

    /// <summary>
    /// The batch's loss in nats (squared error: in squared units), per row summed over scored elements and times its weight, averaged over
    /// the B rows; and its gradient.
    /// </summary>
    /// <param name="batch">Rows with targets.</param>
    /// <param name="gradient">The loss's derivative by each parameter, overwritten: [P]; 0 for parameters that are not trained.</param>
    /// <exception cref="InvalidOperationException">No parameters were loaded.</exception>
    double LossAndGradient(SequenceBatch batch, Span<float> gradient);

    /// <summary>The loss of <see cref="LossAndGradient"/> alone, at about the price of scoring.</summary>
    /// <param name="batch">Rows with targets.</param>
    /// <exception cref="InvalidOperationException">No parameters were loaded.</exception>
    double Loss(SequenceBatch batch);

    /// <summary>The network's outputs before sigmoid or softmax.</summary>
    /// <param name="batch">Rows; targets are not read.</param>
    /// <param name="logits">[T, B, O]; written where a row answers, left alone elsewhere.</param>
    /// <exception cref="InvalidOperationException">No parameters were loaded.</exception>
    void Score(SequenceBatch batch, Span<float> logits);

    /// <summary>
    /// Does <paramref name="work"/> for 0 .. <paramref name="count"/> - 1, on the engine's threads where it has several. Which thread does
    /// which is open.
    /// </summary>
    /// <param name="count">How many pieces of work there are.</param>
    /// <param name="work">Does one, of about 0.01 ms.</param>
    void Share(int count, Action<int> work)
    {
        for (int i = 0; i < count; i++)
            work(i);
    }
}
