using Microsoft.ML.NTM.Onnx.Graphs;

namespace Microsoft.ML.NTM.Onnx.Networks;

/// <summary>One tensor that a network carries from step to step.</summary>
/// <param name="Name">What it is called in a graph of one step.</param>
/// <param name="Initial">What every sequence starts from, row-major.</param>
/// <param name="Shape">Its shape for one sequence.</param>
internal sealed record NetworkState(string Name, float[] Initial, params long[] Shape)
{
    /// <summary>The start of one sequence: [1, shape], or [1, 1, ..] where all its numbers are one.</summary>
    public Value Start(OnnxGraph graph) => Initial.AsSpan().ContainsAnyExcept(Initial[0])
        ? graph.Floats(Initial, [1, .. Shape])
        : graph.Floats([Initial[0]], [1, .. Shape.Select(_ => 1L)]);

    /// <summary>A state for each of <paramref name="rows"/> sequences, from one for each or one for all: [B, shape].</summary>
    public Value ForEachRow(Value state, Value rows) => state.Expand(Value.Concat(0, rows, state.Graph.Longs(Shape)));
}
