using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>A cell run over whole sequences.</summary>
internal abstract class Rollout
{
    /// <summary>The cell.</summary>
    public abstract nn.Module Module { get; }

    /// <summary>All answers' logits, [A, O], of a batch whose inputs are [T, B, D].</summary>
    public abstract Tensor Run(SequenceBatch batch, Tensor inputs, AnswerSteps answers);

    /// <summary>What keys [T, B, K] become: [T, B, K*E].</summary>
    public abstract Tensor Embed(Tensor keys);

    /// <summary>The cell that <paramref name="spec"/> asks for.</summary>
    public static Rollout Create(NetworkSpec spec, ScalarType dtype, Device device) => spec.Kind switch
    {
        NetworkKind.Ntm => new Rollout<NtmState>(new NtmCell(spec, dtype, device)),
        NetworkKind.Dnc => new Rollout<DncState>(new DncCell(spec, dtype, device)),
        _ => new Rollout<ControllerState>(new LstmNetwork(spec, dtype, device)),
    };
}

/// <inheritdoc/>
internal sealed class Rollout<TState>(SequenceCell<TState> cell) : Rollout
    where TState : class, ICellState<TState>
{
    /// <inheritdoc/>
    public override nn.Module Module => cell;

    /// <inheritdoc/>
    public override Tensor Embed(Tensor keys) => cell.Embed(keys);

    /// <inheritdoc/>
    public override Tensor Run(SequenceBatch batch, Tensor inputs, AnswerSteps answers)
    {
        var outputs = new List<Tensor>();
        int rows = batch.Rows;
        TState state = cell.InitialState(rows);
        for (int step = 0; step < batch.Steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            int running = AnswerSteps.Running(batch, step);
            Tensor input = inputs.select(0, step).narrow(0, 0, running);                       // (B', D)
            TState before = running == rows ? state : state.Map(part => part.narrow(0, 0, running));
            TState after = cell.Step(input, before);
            if (answers.Any(step))
                outputs.Add(scope.MoveToOuter(cell.Output(after)));                            // (B', O)
            state.Map(Release);
            state = after.Map(scope.MoveToOuter);
            rows = running;
        }
        return cat(outputs).index_select(0, tensor(answers.Lines, device: inputs.device));
    }

    // What autograd needs of it, it holds itself.
    private static Tensor Release(Tensor part)
    {
        part.Dispose();
        return part;
    }
}
