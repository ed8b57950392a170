using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Engines;

/// <summary>
/// A way to run a network: everything it needs beyond a batch comes in as the flat parameters of a <see cref="ParameterSet"/>, so engines
/// hold no model. An engine is used by one thread at a time; a transformer that scores from several threads has several.
/// </summary>
internal interface IEngine : IDisposable
{
    /// <summary>
    /// The batch's loss in nats (squared error: in squared units), per row summed over scored elements and times its weight, averaged over
    /// the B rows; and its gradient.
    /// </summary>
    /// <param name="batch">Rows with targets.</param>
    /// <param name="parameters">All parameters: [P].</param>
    /// <param name="gradient">The loss's derivative by each parameter, overwritten: [P]; 0 for parameters that are not trained.</param>
    double Train(SequenceBatch batch, ReadOnlySpan<float> parameters, Span<float> gradient);

    /// <summary>The network's outputs before sigmoid or softmax.</summary>
    /// <param name="batch">Rows; targets are not read.</param>
    /// <param name="parameters">All parameters: [P].</param>
    /// <param name="logits">[T, B, O]; written where a row answers, left alone elsewhere.</param>
    void Score(SequenceBatch batch, ReadOnlySpan<float> parameters, Span<float> logits);
}
