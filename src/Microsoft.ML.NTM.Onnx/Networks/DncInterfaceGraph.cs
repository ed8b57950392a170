using Microsoft.ML.NTM.Onnx.Graphs;

namespace Microsoft.ML.NTM.Onnx.Networks;

/// <summary>
/// What the controller asks of a DNC's memory in one step: per head [B, R, ..], of the write head [B, 1, ..], gates and vectors [B, ..].
/// </summary>
internal sealed class DncInterfaceGraph
{
    public required Value ReadKeys { get; init; }

    public required Value ReadStrengths { get; init; }

    public required Value WriteKey { get; init; }

    public required Value WriteStrength { get; init; }

    public required Value Erase { get; init; }

    public required Value WriteVector { get; init; }

    public required Value FreeGates { get; init; }

    public required Value AllocationGate { get; init; }

    public required Value WriteGate { get; init; }

    /// <summary>How much of a read weighting is the backward one.</summary>
    public required Value Backward { get; init; }

    /// <summary>How much of it is the content weighting.</summary>
    public required Value Content { get; init; }

    /// <summary>How much of it is the forward one.</summary>
    public required Value Forward { get; init; }

    public Value? ReadMasks { get; init; }

    public Value? WriteMask { get; init; }

    public Value? BackwardSharpening { get; init; }

    public Value? ForwardSharpening { get; init; }

    /// <summary>Cuts the parameters out of the interface vector, in the order of <see cref="NetworkSpec.InterfaceSize"/>.</summary>
    public static DncInterfaceGraph Parse(Value raw, NetworkSpec spec)
    {
        long heads = spec.NumberOfReadHeads, width = spec.MemoryWidth;
        Value[] part = raw.Split(heads * width, heads, width, 1, width, width, heads, 1, 1, 3 * heads,
            spec.MaskedContent ? heads * width : 0, spec.MaskedContent ? width : 0, spec.LinkSharpening ? 2 * heads : 0);
        Value[] modes = part[9].Reshape(0, heads, 3).Softmax().Split(1, 1, 1);
        Value[]? sharpenings = spec.LinkSharpening ? part[12].OnePlus().Reshape(0, heads, 2).Split(1, 1) : null;
        return new DncInterfaceGraph
        {
            ReadKeys = part[0].Reshape(0, heads, width),
            ReadStrengths = part[1].OnePlus().Unsqueeze(-1),
            WriteKey = part[2].Unsqueeze(1),
            WriteStrength = part[3].OnePlus().Unsqueeze(-1),
            Erase = part[4].Sigmoid(),
            WriteVector = part[5],
            FreeGates = part[6].Sigmoid().Unsqueeze(-1),
            AllocationGate = part[7].Sigmoid(),
            WriteGate = part[8].Sigmoid(),
            Backward = modes[0],
            Content = modes[1],
            Forward = modes[2],
            ReadMasks = spec.MaskedContent ? part[10].Sigmoid().Reshape(0, heads, width) : null,
            WriteMask = spec.MaskedContent ? part[11].Sigmoid().Unsqueeze(1) : null,
            BackwardSharpening = sharpenings?[0],
            ForwardSharpening = sharpenings?[1],
        };
    }
}
