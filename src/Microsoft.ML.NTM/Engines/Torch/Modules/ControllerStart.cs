using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>
/// What an NTM or LSTM starts from, below the name <c>initial</c>: here the controller's part, h_0 and c_0, which are learned; a
/// feed-forward controller has none.
/// </summary>
internal class ControllerStart : nn.Module
{
    private readonly NetworkSpec _spec;

    public ControllerStart(NetworkSpec spec, ScalarType dtype, Device? device)
        : base("initial")
    {
        _spec = spec;
        if (spec.Controller == ControllerKind.FeedForward)
            return;
        string[] parts = spec.Bidirectional ? ["hidden", "cell", "hidden" + ParameterNames.Reverse, "cell" + ParameterNames.Reverse]
            : ["hidden", "cell"];
        foreach (string part in parts)
        {
            var layers = new ParameterGroup(part);
            for (int layer = 0; layer < spec.ControllerLayers; layer++)
                layers.register_parameter($"{layer}", new Parameter(zeros(spec.ControllerSize, dtype, device)));
            register_module(part, layers);
        }
    }

    /// <summary>h_0 and c_0 for all rows; zeros [B, 1, H] and nothing [B, 0, H] for a feed-forward controller.</summary>
    public ControllerState Controller(long rows, ScalarType dtype, Device? device) => _spec.Controller == ControllerKind.FeedForward
        ? new ControllerState(zeros(rows, 1, _spec.ControllerSize, dtype, device), zeros(rows, 0, _spec.ControllerSize, dtype, device))
        : new ControllerState(Layers("hidden", rows), Layers("cell", rows));

    private Tensor Layers(string part, long rows)
    {
        Tensor layers = stack(Enumerable.Range(0, _spec.ControllerLayers).Select(layer => (Tensor)get_parameter($"{part}.{layer}")!));
        return layers.unsqueeze(0).expand(rows, -1, -1);
    }

    private sealed class ParameterGroup(string name) : nn.Module(name);
}
