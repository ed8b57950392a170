using Microsoft.ML.NTM.Engines.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM;

/// <summary>
/// A recurrent network as a TorchSharp module: (input [B, D], state) gives (output [B, O], next state). Its parameters are called as in
/// the library's model files, so that weights move freely between the two.
/// </summary>
/// <typeparam name="TState">What goes from step to step.</typeparam>
public abstract class SequenceCell<TState> : nn.Module<Tensor, TState, (Tensor Output, TState State)>
    where TState : class, ICellState<TState>
{
    private protected SequenceCell(NetworkSpec spec, string name)
        : base(Loadable(name))
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
    }

    /// <summary>The sizes and kinds the cell was made for.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>The state before the first step, for <paramref name="rows"/> sequences.</summary>
    public abstract TState InitialState(long rows);

    /// <summary>One step: input [B, D].</summary>
    public abstract TState Step(Tensor input, TState state);

    /// <summary>What the network says in a state, before sigmoid or softmax: [B, O].</summary>
    public abstract Tensor Output(TState state);

    /// <summary>One step and its output; intermediate tensors are freed.</summary>
    public override (Tensor Output, TState State) forward(Tensor input, TState state)
    {
        using DisposeScope scope = NewDisposeScope();
        TState next = Step(input, state);
        Tensor output = Output(next);
        return (scope.MoveToOuter(output), next.Map(scope.MoveToOuter));
    }

    /// <summary>Copies the values of <paramref name="parameters"/> into the module.</summary>
    /// <exception cref="ArgumentException">The parameters are those of another network.</exception>
    public void Load(ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using DisposeScope scope = NewDisposeScope();
        new ParameterBinding(this, parameters.Layout).Load(tensor(parameters.Values));
    }

    /// <summary>The module's values as the parameters of a model.</summary>
    public ParameterSet ToParameterSet()
    {
        var parameters = new ParameterSet(Spec);
        using DisposeScope scope = NewDisposeScope();
        new ParameterBinding(this, parameters.Layout).Values().to_type(ScalarType.Float32).cpu().data<float>().CopyTo(parameters.Values);
        return parameters;
    }

    /// <summary>
    /// Draws the parameters anew: weight matrices by Glorot's uniform rule, what the network starts from uniform in +-1/sqrt(width),
    /// biases 0.
    /// </summary>
    /// <param name="generator">Where the numbers come from: the same seed gives the same parameters. Null: TorchSharp's shared generator.</param>
    public void Reset(Generator? generator = null)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor values) in named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Concat(named_buffers()))
        {
            double bound = Bound(name, values.shape);
            if (bound > 0)
                values.uniform_(-bound, bound, generator);
            else
                values.zero_();
        }
    }

    private static double Bound(string name, long[] shape) => name.StartsWith("initial.", StringComparison.Ordinal)
        ? 1 / Math.Sqrt(shape[^1])
        : shape.Length == 2 ? Math.Sqrt(6.0 / (shape[0] + shape[1])) : 0;

    // Before TorchSharp's own constructor, whose complaint would name the wrong reason.
    private static string Loadable(string name)
    {
        TorchBackend.Require();
        return name;
    }
}
