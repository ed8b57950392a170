using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>One LSTM layer: (x [B, in], h [B, H], c [B, H]) gives the next (h, c). Gates stand in the order i, f, g, o.</summary>
internal sealed class LstmLayer : nn.Module<Tensor, Tensor, Tensor, (Tensor Hidden, Tensor Cell)>
{
    private readonly double _clip;

    public LstmLayer(int inputs, int size, double clip, ScalarType dtype, Device? device)
        : base(nameof(LstmLayer))
    {
        _clip = clip;
        Add("weight_ih", [4 * size, inputs], dtype, device);
        Add("weight_hh", [4 * size, size], dtype, device);
        Add("bias", [4 * size], dtype, device);
    }

    public override (Tensor Hidden, Tensor Cell) forward(Tensor input, Tensor hidden, Tensor cell)
    {
        Tensor[] gates = Gates(input, hidden).chunk(4, dim: 1);
        Tensor next = gates[1].sigmoid() * cell + gates[0].sigmoid() * gates[2].tanh();
        return ((gates[3].sigmoid() * next.tanh()).clamp(-_clip, _clip), next);
    }

    // One affine map of the layer's input and its own last output, with one bias: (B, 4H).
    private Tensor Gates(Tensor input, Tensor hidden) =>
        nn.functional.linear(input, Get("weight_ih"), Get("bias")) + nn.functional.linear(hidden, Get("weight_hh"));

    // Looked up by name because moving a module to another device replaces its parameters.
    private Parameter Get(string name) => get_parameter(name)!;

    private void Add(string name, long[] shape, ScalarType dtype, Device? device) =>
        register_parameter(name, new Parameter(zeros(shape, dtype, device)));
}
