using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.NTM.Engines.Torch;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Torch;

/// <summary>
/// A recurrent network as a TorchSharp module: (input [B, D], state) gives (output [B, O], next state). Its parameters are called as in
/// the library's model files, so that weights move freely between the two.
/// </summary>
/// <remarks>
/// Experimental (diagnostic NTM0001), like all modules of this namespace: names and states may still change between minor versions. A
/// project that uses them says so with <c>&lt;NoWarn&gt;$(NoWarn);NTM0001&lt;/NoWarn&gt;</c>.
/// </remarks>
/// <typeparam name="TState">What goes from step to step.</typeparam>
[Experimental("NTM0001")]
public abstract class SequenceCell<TState> : nn.Module<Tensor, TState, (Tensor Output, TState State)>
    where TState : class, ICellState<TState>
{
    [ComponentName(Name = "embedding")]
    private readonly Embedding? _embedding;

    private protected SequenceCell(NetworkSpec spec, string name, ScalarType dtype, Device? device)
        : base(Loadable(name))
    {
        ArgumentNullException.ThrowIfNull(spec);
        Spec = spec;
        _embedding = spec.EmbeddingSize == 0 ? null : nn.Embedding(spec.VocabularySize, spec.EmbeddingSize, device: device, dtype: dtype);
    }

    /// <summary>What drives the cell.</summary>
    internal abstract ControllerModule Controller { get; }

    /// <summary>The sizes and kinds the cell was made for.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>The state before the first step, for <paramref name="rows"/> sequences.</summary>
    public abstract TState InitialState(long rows);

    /// <summary>
    /// What keys become, the first K*E inputs of a step: [..., K] of 64-bit integers, rows of the embedding counted from 1 and 0 where
    /// there is none, to [..., K*E].
    /// </summary>
    /// <exception cref="InvalidOperationException">The network has no embedding.</exception>
    public Tensor Embed(Tensor keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Tensor table = _embedding?.weight ?? throw new InvalidOperationException("The network has no embedding: its EmbeddingSize is 0.");
        return Embed(keys, table, Spec);
    }

    /// <summary>What keys become by a table [V, E].</summary>
    internal static Tensor Embed(Tensor keys, Tensor table, NetworkSpec spec)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor flat = keys.flatten();                                                       // (n)
        Tensor rows = table.index_select(0, (flat - 1).clamp_min(0));                       // (n, E)
        Tensor known = flat.gt(0).to_type(table.dtype).unsqueeze(1);                        // (n, 1)
        long[] shape = [.. keys.shape[..^1], spec.EmbeddedSize];
        return scope.MoveToOuter((rows * known).view(shape));
    }

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
    /// <param name="generator">Where the numbers come from: the same seed gives the same parameters. Null: TorchSharp's shared
    /// generator.</param>
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
