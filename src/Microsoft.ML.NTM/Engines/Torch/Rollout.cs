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

    /// <summary>Goes to before the first step.</summary>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="dropout">What the controller's outputs are multiplied by, [B, L, H], or null.</param>
    public abstract void Start(int rows, Tensor? dropout);

    /// <summary>The steps [from, to) of a batch, inputs [T', B, D]: their answers' logits, [A, O], or null where none answers.</summary>
    public abstract Tensor? Run(SequenceBatch batch, Tensor inputs, AnswerSteps answers, int from, int to);

    /// <summary>Called before each step; what it throws ends the run.</summary>
    public Action? CheckAlive { get; set; }

    /// <summary>
    /// Goes on from a copy of the state that was reached, so that the steps before and those after can be taken backwards one after the
    /// other: what was reached, and the copies that collect the derivatives by it.
    /// </summary>
    public abstract StateCut Cut();

    /// <summary>Lets no derivative go back beyond the state that was reached, which outlives <paramref name="scope"/>.</summary>
    public abstract void Detach(DisposeScope scope);

    /// <summary>What keys [T, B, K] become: [T, B, K*E].</summary>
    public abstract Tensor Embed(Tensor keys);

    /// <summary>The network that <paramref name="spec"/> asks for.</summary>
    public static Rollout Create(NetworkSpec spec, SequenceSpec sequence, ScalarType dtype, Device device) => spec.Kind switch
    {
        NetworkKind.Lstm when spec.Bidirectional => new BidirectionalRollout(new BidirectionalLstm(spec, dtype, device), sequence),
        NetworkKind.Ntm => new Rollout<NtmState>(new NtmCell(spec, dtype, device)),
        NetworkKind.Dnc => new Rollout<DncState>(new DncCell(spec, dtype, device)),
        _ => new Rollout<ControllerState>(new LstmNetwork(spec, dtype, device)),
    };
}

/// <inheritdoc/>
internal sealed class Rollout<TState>(SequenceCell<TState> cell) : Rollout
    where TState : class, ICellState<TState>
{
    private TState _state = null!;
    private Tensor? _dropout;
    private int _rows;

    /// <inheritdoc/>
    public override nn.Module Module => cell;

    /// <inheritdoc/>
    public override Tensor Embed(Tensor keys) => cell.Embed(keys);

    /// <inheritdoc/>
    public override void Start(int rows, Tensor? dropout)
    {
        (_state, _rows, _dropout) = (cell.InitialState(rows), rows, dropout);
    }

    /// <inheritdoc/>
    public override Tensor? Run(SequenceBatch batch, Tensor inputs, AnswerSteps answers, int from, int to)
    {
        var outputs = new List<Tensor>();
        for (int step = from; step < to; step++)
        {
            CheckAlive?.Invoke();
            using DisposeScope scope = NewDisposeScope();
            int running = AnswerSteps.Running(batch, step);
            Tensor input = inputs.select(0, step - from).narrow(0, 0, running);                // (B', D)
            cell.Controller.Dropout = _dropout?.narrow(0, 0, running);
            TState before = running == _rows ? _state : _state.Map(part => part.narrow(0, 0, running));
            TState after = cell.Step(input, before);
            if (answers.Any(step))
                outputs.Add(scope.MoveToOuter(cell.Output(after)));                            // (B', O)
            _state.Map(Release);
            _state = after.Map(scope.MoveToOuter);
            _rows = running;
        }
        cell.Controller.Dropout = null;
        return outputs.Count == 0 ? null : cat(outputs).index_select(0, tensor(answers.Lines, device: inputs.device));
    }

    /// <inheritdoc/>
    public override StateCut Cut()
    {
        var cut = new StateCut();
        _state = _state.Map(cut.Add);
        return cut;
    }

    /// <inheritdoc/>
    public override void Detach(DisposeScope scope) => _state = _state.Map(part => scope.MoveToOuter(part.detach()));

    // What autograd needs of it, it holds itself.
    private static Tensor Release(Tensor part)
    {
        part.Dispose();
        return part;
    }
}
