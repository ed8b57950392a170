namespace Microsoft.ML.NTM.Model;

/// <summary>What a network's parameters are called, in model files, safetensors and modules alike. Layers count from 0.</summary>
internal static class ParameterNames
{
    /// <summary>A row per key of the vocabulary: [V, E].</summary>
    public const string Embedding = "embedding.weight";

    /// <summary>A feed-forward controller's weights: [H, D + R*M].</summary>
    public const string FeedForwardWeights = "controller.0.weight";

    /// <summary>The heads' weights (NTM): [P, L*H].</summary>
    public const string HeadWeights = "heads.weight";

    /// <summary>The heads' bias (NTM): [P].</summary>
    public const string HeadBias = "heads.bias";

    /// <summary>The interface's weights (DNC): [P, L*H].</summary>
    public const string InterfaceWeights = "interface.weight";

    /// <summary>The interface's bias (DNC): [P].</summary>
    public const string InterfaceBias = "interface.bias";

    /// <summary>The output's weights: [O, L*H + R*M].</summary>
    public const string OutputWeights = "output.weight";

    /// <summary>The output's bias: [O].</summary>
    public const string OutputBias = "output.bias";

    /// <summary>What the memory holds before the first step: [N, M].</summary>
    public const string InitialMemory = "initial.memory";

    /// <summary>What the heads have read before the first step, before tanh: [R, M].</summary>
    public const string InitialReads = "initial.reads";

    /// <summary>Where the read heads point before the first step, before softmax: [R, N].</summary>
    public const string InitialReadWeightings = "initial.read_weights";

    /// <summary>Where the write heads point before the first step, before softmax: [W, N].</summary>
    public const string InitialWriteWeightings = "initial.write_weights";

    /// <summary>What the names of a bidirectional layer's second direction end with, or those of its start have after their kind.</summary>
    public const string Reverse = "_reverse";

    /// <summary>An LSTM layer's weights of what it sees: [4H, seen].</summary>
    public static string InputWeights(int layer, bool reverse = false) => $"controller.{layer}.weight_ih{Suffix(reverse)}";

    /// <summary>An LSTM layer's weights of its own last output: [4H, H].</summary>
    public static string RecurrentWeights(int layer, bool reverse = false) => $"controller.{layer}.weight_hh{Suffix(reverse)}";

    /// <summary>A controller layer's bias: [4H], or [H] of a feed-forward one.</summary>
    public static string ControllerBias(int layer, bool reverse = false) => $"controller.{layer}.bias{Suffix(reverse)}";

    /// <summary>What a layer puts out before the first step it reads: [H].</summary>
    public static string InitialHidden(int layer, bool reverse = false) => $"initial.hidden{Suffix(reverse)}.{layer}";

    /// <summary>What an LSTM layer's cells hold before the first step it reads: [H].</summary>
    public static string InitialCell(int layer, bool reverse = false) => $"initial.cell{Suffix(reverse)}.{layer}";

    private static string Suffix(bool reverse) => reverse ? Reverse : "";
}
