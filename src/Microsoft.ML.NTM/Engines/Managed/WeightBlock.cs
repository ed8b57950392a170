using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>The matrices of a network whose gradients are sums over all steps.</summary>
internal enum WeightPart
{
    /// <summary>A controller layer's weights of what it sees, and its bias.</summary>
    Seen,

    /// <summary>A controller layer's weights of its own last output.</summary>
    Own,

    /// <summary>The heads' weights and bias.</summary>
    Heads,

    /// <summary>The output's weights and bias.</summary>
    Output,
}

/// <summary>Some outputs of a matrix: a piece of work that shares no number with any other.</summary>
/// <param name="Part">The matrix.</param>
/// <param name="Layer">Its controller layer, counted once per direction.</param>
/// <param name="Offset">Where the matrix stands among the parameters: [outputs, Inputs].</param>
/// <param name="BiasOffset">Where its bias stands.</param>
/// <param name="Inputs">Numbers per output.</param>
/// <param name="From">The first output.</param>
/// <param name="Count">How many outputs.</param>
internal readonly record struct WeightBlock(WeightPart Part, int Layer, int Offset, int BiasOffset, int Inputs, int From, int Count)
{
    // Enough blocks for all threads of a small network.
    private const int FewOutputs = OuterProducts.MostOutputs / 2;

    /// <summary>All blocks of a network.</summary>
    public static WeightBlock[] All(NetworkSpec spec, ParameterLayout layout)
    {
        var blocks = new List<WeightBlock>();
        if (spec.Controller == ControllerKind.FeedForward)
            Add(WeightPart.Seen, 0, ParameterNames.FeedForwardWeights, ParameterNames.ControllerBias(0));
        else
        {
            for (int directed = 0; directed < spec.DirectedLayers; directed++)
            {
                (int layer, bool reverse) = (spec.LayerOf(directed), spec.IsReverse(directed));
                string bias = ParameterNames.ControllerBias(layer, reverse);
                Add(WeightPart.Seen, directed, ParameterNames.InputWeights(layer, reverse), bias);
                Add(WeightPart.Own, directed, ParameterNames.RecurrentWeights(layer, reverse), bias);
            }
        }
        if (spec.Kind == NetworkKind.Ntm)
            Add(WeightPart.Heads, 0, ParameterNames.HeadWeights, ParameterNames.HeadBias);
        if (spec.Kind == NetworkKind.Dnc)
            Add(WeightPart.Heads, 0, ParameterNames.InterfaceWeights, ParameterNames.InterfaceBias);
        Add(WeightPart.Output, 0, ParameterNames.OutputWeights, ParameterNames.OutputBias);
        // A thread that takes neighbouring blocks finds the same outputs' derivatives in its cache again.
        return [.. blocks.OrderBy(block => block.Part >= WeightPart.Heads).ThenBy(block => block.Layer).ThenBy(block => block.From)];

        void Add(WeightPart part, int layer, string name, string bias)
        {
            int most = NetworkWeights.IsWide(spec) ? OuterProducts.MostOutputs : FewOutputs;
            ParameterSlice slice = layout[name];
            for (int from = 0; from < slice.Shape[0]; from += most)
                blocks.Add(new(part, layer, slice.Offset, layout[bias].Offset, slice.Shape[1], from,
                    Math.Min(most, slice.Shape[0] - from)));
        }
    }
}
