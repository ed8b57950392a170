using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>An LSTM that reads both ways, run over whole sequences.</summary>
internal sealed class BidirectionalRollout(BidirectionalLstm network, SequenceSpec sequence) : Rollout
{
    /// <inheritdoc/>
    public override nn.Module Module => network;

    /// <inheritdoc/>
    public override Tensor Embed(Tensor keys) => SequenceCell<ControllerState>.Embed(keys, network.Table, network.Spec);

    /// <inheritdoc/>
    public override void Start(int rows, Tensor? dropout) => network.Dropout = dropout;

    /// <inheritdoc/>
    public override Tensor? Run(SequenceBatch batch, Tensor inputs, AnswerSteps answers, int from, int to)
    {
        if (from > 0 || to < batch.Steps)
            throw new InvalidOperationException("A bidirectional network takes whole sequences, not windows of their steps.");
        Tensor[] steps = [.. Enumerable.Range(0, to).Select(step =>
            inputs.select(0, step).narrow(0, 0, AnswerSteps.Running(batch, step)))];                   // (B_t, D)
        network.CheckAlive = CheckAlive;
        Tensor[][] hidden = network.Run(steps);
        Tensor[] outputs = [.. Enumerable.Range(0, to).Where(answers.Any).Select(step => Answer(hidden, step))];
        network.Dropout = null;
        return outputs.Length == 0 ? null : cat(outputs).index_select(0, tensor(answers.Lines, device: inputs.device));
    }

    /// <inheritdoc/>
    public override StateCut Cut() => new();

    /// <inheritdoc/>
    public override void Detach(DisposeScope scope)
    {
    }

    // (B_t, O). An answer that comes after the input is made of what each direction ended with: the reverse one at step 0.
    private Tensor Answer(Tensor[][] hidden, int step)
    {
        long rows = hidden[0][step].shape[0];
        return network.Output(cat([.. hidden.Select((layer, directed) => network.Spec.IsReverse(directed) && sequence.AnswersAfterInput
            ? layer[0].narrow(0, 0, rows)
            : layer[step])], dim: 1));
    }
}
