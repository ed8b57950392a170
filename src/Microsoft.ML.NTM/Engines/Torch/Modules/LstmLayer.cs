using Microsoft.ML.NTM.Model;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>
/// One LSTM layer: (x [B, in], h [B, H], c [B, H]) gives the next (h, c). Gates stand in the order i, f, g, o. A bidirectional one has a
/// second set of weights, for reading from the last step to the first.
/// </summary>
internal sealed class LstmLayer : nn.Module<Tensor, Tensor, Tensor, (Tensor Hidden, Tensor Cell)>
{
    private readonly double _clip;

    public LstmLayer(int inputs, int size, double clip, ScalarType dtype, Device? device, bool bidirectional = false)
        : base(nameof(LstmLayer))
    {
        _clip = clip;
        foreach (string suffix in bidirectional ? new[] { "", ParameterNames.Reverse } : [""])
        {
            Add("weight_ih" + suffix, [4 * size, inputs], dtype, device);
            Add("weight_hh" + suffix, [4 * size, size], dtype, device);
            Add("bias" + suffix, [4 * size], dtype, device);
        }
    }

    public override (Tensor Hidden, Tensor Cell) forward(Tensor input, Tensor hidden, Tensor cell) => Step(input, hidden, cell, "");

    /// <summary>One step of the second direction.</summary>
    public (Tensor Hidden, Tensor Cell) Reverse(Tensor input, Tensor hidden, Tensor cell) =>
        Step(input, hidden, cell, ParameterNames.Reverse);

    private (Tensor Hidden, Tensor Cell) Step(Tensor input, Tensor hidden, Tensor cell, string suffix)
    {
        Tensor[] gates = Gates(input, hidden, suffix).chunk(4, dim: 1);
        Tensor next = gates[1].sigmoid() * cell + gates[0].sigmoid() * gates[2].tanh();
        return ((gates[3].sigmoid() * next.tanh()).clamp(-_clip, _clip), next);
    }

    // One affine map of the layer's input and its own last output, with one bias: (B, 4H).
    private Tensor Gates(Tensor input, Tensor hidden, string suffix) =>
        nn.functional.linear(input, Get("weight_ih" + suffix), Get("bias" + suffix))
        + nn.functional.linear(hidden, Get("weight_hh" + suffix));

    // Looked up by name because moving a module to another device replaces its parameters.
    private Parameter Get(string name) => get_parameter(name)!;

    private void Add(string name, long[] shape, ScalarType dtype, Device? device) =>
        register_parameter(name, new Parameter(zeros(shape, dtype, device)));
}
