using Microsoft.ML.NTM.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Benchmarks.Peers;

/// <summary>libtorch's own LSTM of one layer with a linear output, updated and scored as ours is.</summary>
internal sealed class LibtorchLstm : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TorchSharp.Modules.LSTM _lstm;
    private readonly TorchSharp.Modules.Linear _output;
    private readonly optim.Optimizer _optimizer;
    private readonly TorchSharp.Modules.Parameter[] _parameters;
    private readonly Tensor _inputs, _targets;

    public LibtorchLstm(NetworkSpec network, SequenceBatch batch)
    {
        (int inputs, int outputs, int lines) = (network.InputSize, network.OutputSize, batch.Steps * batch.Rows);
        _lstm = nn.LSTM(inputs, network.ControllerSize, bidirectional: network.Bidirectional);
        _output = nn.Linear(network.ControllerSize * network.Directions, outputs);
        _parameters = [.. _lstm.parameters(), .. _output.parameters()];
        _optimizer = optim.RMSProp(_parameters, 1e-7, alpha: 0.95, eps: 1e-4, momentum: 0.9, centered: true);
        _inputs = tensor(batch.Inputs.AsSpan(0, lines * inputs).ToArray()).view(batch.Steps, batch.Rows, inputs);
        _targets = tensor(batch.Targets.AsSpan(0, lines * outputs).ToArray()).view(batch.Steps, batch.Rows, outputs);
    }

    public void Update()
    {
        using DisposeScope scope = NewDisposeScope();
        _optimizer.zero_grad();
        (Tensor hidden, _, _) = _lstm.forward(_inputs);
        Tensor loss = (_output.forward(hidden) - _targets).square().sum();
        loss.backward();
        nn.utils.clip_grad_value_(_parameters, 10);
        _optimizer.step();
    }

    public void Score()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        (Tensor hidden, _, _) = _lstm.forward(_inputs);
        _output.forward(hidden);
    }

    public void Dispose() => _scope.Dispose();
}
