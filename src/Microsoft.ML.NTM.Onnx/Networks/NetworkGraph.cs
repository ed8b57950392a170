using Microsoft.ML.NTM.Onnx.Graphs;

namespace Microsoft.ML.NTM.Onnx.Networks;

/// <summary>
/// A network's equations as standard operators: one step, and all steps of a batch. T steps, B rows, D inputs; what a network gives per
/// step is [h ; reads] (C = L*H + R*M numbers), of which <see cref="ParameterTables.Output"/> makes answers.
/// </summary>
internal abstract class NetworkGraph(NetworkSpec spec, ParameterTables tables)
{
    /// <summary>The graph's author for a network.</summary>
    public static NetworkGraph Of(NetworkSpec spec, SequenceSpec sequence, ParameterTables tables) => spec.Kind switch
    {
        NetworkKind.Ntm => new NtmGraph(spec, tables),
        NetworkKind.Dnc => new DncGraph(spec, tables),
        _ => new LstmGraph(spec, sequence, tables),
    };

    /// <summary>The network.</summary>
    protected NetworkSpec Spec { get; } = spec;

    /// <summary>Its parameters.</summary>
    protected ParameterTables Tables { get; } = tables;

    /// <summary>Its controller.</summary>
    protected ControllerGraph Controller { get; } = new(spec, tables);

    /// <summary>What is carried from step to step.</summary>
    public abstract IReadOnlyList<NetworkState> States { get; }

    /// <summary>The part of the inputs that can be computed for all steps at once: [.., D] gives [.., P].</summary>
    public Value Project(Value inputs) => Controller.Project(inputs);

    /// <summary>One step: the next states and [h ; reads] [B, C].</summary>
    public abstract (Value[] Next, Value Seen) Step(Value projected, Value[] states);

    /// <summary>All steps: inputs [T, B, D] give [T, B, C].</summary>
    /// <param name="inputs">Time first.</param>
    /// <param name="rows">B, as a list of one.</param>
    /// <param name="lengths">Steps of each row, those that answer included: [B].</param>
    public virtual Value Run(Value inputs, Value rows, Value lengths) =>
        Scan.Run(Project(inputs), [.. States.Select(state => state.ForEachRow(state.Start(inputs.Graph), rows))], Step);
}
