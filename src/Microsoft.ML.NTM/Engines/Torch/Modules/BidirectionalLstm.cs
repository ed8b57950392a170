using Microsoft.ML.NTM.Model;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>
/// Stacked LSTM layers that each read the sequence twice, from the first step to the last and back, as a module over whole sequences.
/// Steps are lists of tensors; at step t stand the B_t rows that have not ended, which are the first ones.
/// </summary>
internal sealed class BidirectionalLstm : nn.Module
{
    private readonly LstmLayer[] _layers;

    [ComponentName(Name = "initial")]
    private readonly ControllerStart _initial;

    [ComponentName(Name = "controller")]
    private readonly LayerStack _controller;

    [ComponentName(Name = "output")]
    private readonly Linear _output;

    [ComponentName(Name = "embedding")]
    private readonly Embedding? _embedding;

    public BidirectionalLstm(NetworkSpec spec, ScalarType dtype, Device device)
        : base(nameof(BidirectionalLstm))
    {
        Spec = spec;
        _embedding = spec.EmbeddingSize == 0 ? null : nn.Embedding(spec.VocabularySize, spec.EmbeddingSize, device: device, dtype: dtype);
        _initial = new ControllerStart(spec, dtype, device);
        _layers = [.. Enumerable.Range(0, spec.ControllerLayers).Select(layer =>
            new LstmLayer(spec.LayerInputSize(layer), spec.ControllerSize, spec.ControllerClip, dtype, device, bidirectional: true))];
        _controller = new LayerStack(_layers);
        _output = nn.Linear(spec.HiddenSize, spec.OutputSize, hasBias: true, device, dtype);
        RegisterComponents();
    }

    /// <summary>The sizes the network was made for.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>The embedding's table: [V, E].</summary>
    public Tensor Table => _embedding!.weight!;

    /// <summary>Called before each step; what it throws ends the run.</summary>
    public Action? CheckAlive { get; set; }

    /// <summary>What the directed layers' outputs are multiplied by, [B, 2L, H]; null: nothing.</summary>
    public Tensor? Dropout { get; set; }

    /// <summary>
    /// What each directed layer gives at each step: [2L][T] of [B_t, H], layer 0 forward, layer 0 reverse, layer 1 forward and so on. A
    /// layer sees both directions of the one below side by side.
    /// </summary>
    /// <param name="inputs">[T] of [B_t, D].</param>
    public Tensor[][] Run(Tensor[] inputs)
    {
        var hidden = new Tensor[2 * _layers.Length][];
        Tensor[] seen = inputs;
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            Tensor[] forward = hidden[2 * layer] = Forward(layer, seen), reverse = hidden[2 * layer + 1] = Reverse(layer, seen);
            seen = [.. forward.Zip(reverse, (there, back) => cat([there, back], dim: 1))];      // (B_t, 2H)
        }
        return hidden;
    }

    /// <summary>What the network says of its layers' outputs side by side, [n, 2LH]: [n, O].</summary>
    public Tensor Output(Tensor hidden) => _output.call(hidden);

    private Tensor[] Forward(int layer, Tensor[] seen)
    {
        var outputs = new Tensor[seen.Length];
        (Tensor hidden, Tensor cell) = (Start("hidden", layer, seen[0]), Start("cell", layer, seen[0]));
        for (int step = 0; step < seen.Length; step++)
        {
            CheckAlive?.Invoke();
            long rows = seen[step].shape[0];
            (hidden, cell) = _layers[layer].call(seen[step], hidden.narrow(0, 0, rows), cell.narrow(0, 0, rows));
            outputs[step] = hidden = DropOut(hidden, 2 * layer);
        }
        return outputs;
    }

    // Each row begins at its own last step: there it joins those that are longer.
    private Tensor[] Reverse(int layer, Tensor[] seen)
    {
        var outputs = new Tensor[seen.Length];
        Tensor startHidden = Start("hidden" + ParameterNames.Reverse, layer, seen[0]);
        Tensor startCell = Start("cell" + ParameterNames.Reverse, layer, seen[0]);
        (Tensor hidden, Tensor cell) = (startHidden.narrow(0, 0, 0), startCell.narrow(0, 0, 0));
        for (int step = seen.Length - 1; step >= 0; step--)
        {
            CheckAlive?.Invoke();
            long before = hidden.shape[0], joining = seen[step].shape[0] - before;
            hidden = cat([hidden, startHidden.narrow(0, before, joining)]);
            cell = cat([cell, startCell.narrow(0, before, joining)]);
            (hidden, cell) = _layers[layer].Reverse(seen[step], hidden, cell);
            outputs[step] = hidden = DropOut(hidden, 2 * layer + 1);
        }
        return outputs;
    }

    private Tensor Start(string part, int layer, Tensor rows) =>
        _initial.get_parameter($"{part}.{layer}")!.unsqueeze(0).expand(rows.shape[0], -1);

    private Tensor DropOut(Tensor hidden, int layer) =>
        Dropout is null ? hidden : hidden * Dropout.select(1, layer).narrow(0, 0, hidden.shape[0]);

    private sealed class LayerStack : nn.Module
    {
        public LayerStack(LstmLayer[] layers)
            : base("controller")
        {
            for (int layer = 0; layer < layers.Length; layer++)
                register_module($"{layer}", layers[layer]);
        }
    }
}
