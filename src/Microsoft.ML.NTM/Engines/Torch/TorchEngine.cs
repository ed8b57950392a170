using Microsoft.ML.NTM.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>Runs a network as TorchSharp modules with autograd: the GPU path, and what the managed engine is measured against.</summary>
internal sealed class TorchEngine : IEngine
{
    private readonly NetworkSpec _spec;
    private readonly SequenceSpec _sequence;
    private readonly Device _device;
    private readonly ScalarType _dtype;
    private readonly Rollout _rollout;
    private readonly ParameterBinding _binding;
    private bool _loaded;

    /// <param name="spec">The network.</param>
    /// <param name="sequence">The loss and its groups.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="dtype">Float32, or Float64 to check others against.</param>
    public TorchEngine(NetworkSpec spec, SequenceSpec sequence, Device device, ScalarType dtype = ScalarType.Float32)
    {
        (_spec, _sequence, _device, _dtype) = (spec, sequence, device, dtype);
        using DisposeScope scope = NewDisposeScope();
        _rollout = Rollout.Create(spec, dtype, device);
        _binding = new ParameterBinding(_rollout.Module, new ParameterLayout(spec));
        _binding.DetachFromDisposeScope();
    }

    /// <summary>A single-precision engine.</summary>
    /// <exception cref="InvalidOperationException">TorchSharp's native half is not there or does not load; the message says why.</exception>
    public static TorchEngine Create(NetworkSpec spec, SequenceSpec sequence, TorchDevice device)
    {
        TorchBackend.Require();
        return new TorchEngine(spec, sequence, device.ToTorch());
    }

    /// <inheritdoc/>
    public void Load(ReadOnlySpan<float> parameters)
    {
        using DisposeScope scope = NewDisposeScope();
        Load(tensor(parameters.ToArray()));
    }

    /// <summary><see cref="Load(ReadOnlySpan{float})"/> in double precision.</summary>
    public void Load(ReadOnlySpan<double> parameters)
    {
        using DisposeScope scope = NewDisposeScope();
        Load(tensor(parameters.ToArray()));
    }

    /// <inheritdoc/>
    public double LossAndGradient(SequenceBatch batch, Span<float> gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        double loss = Differentiate(batch, out Tensor derivative);
        derivative.to_type(ScalarType.Float32).cpu().data<float>().CopyTo(gradient);
        return loss;
    }

    /// <summary><see cref="LossAndGradient(SequenceBatch, Span{float})"/> with the gradient in double precision.</summary>
    public double LossAndGradient(SequenceBatch batch, Span<double> gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        double loss = Differentiate(batch, out Tensor derivative);
        derivative.to_type(ScalarType.Float64).cpu().data<double>().CopyTo(gradient);
        return loss;
    }

    /// <inheritdoc/>
    public double Loss(SequenceBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor values = Answer(batch, out AnswerSteps answers);
        return TorchLoss.Of(values, batch, answers, _sequence.Loss)?.item<double>() ?? 0;
    }

    /// <inheritdoc/>
    public void Score(SequenceBatch batch, Span<float> logits)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor values = Answer(batch, out AnswerSteps answers);
        Scatter(values.to_type(ScalarType.Float32).cpu().data<float>().ToArray(), batch, answers, logits);
    }

    /// <summary><see cref="Score(SequenceBatch, Span{float})"/> with the logits in double precision.</summary>
    public void Score(SequenceBatch batch, Span<double> logits)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor values = Answer(batch, out AnswerSteps answers);
        Scatter(values.to_type(ScalarType.Float64).cpu().data<double>().ToArray(), batch, answers, logits);
    }

    /// <inheritdoc/>
    public void Dispose() => _rollout.Module.Dispose();

    private void Load(Tensor parameters)
    {
        if (parameters.shape[0] != _binding.Length)
            throw new ArgumentException($"The network has {_binding.Length} parameters, got {parameters.shape[0]}.", nameof(parameters));
        _binding.Load(parameters.to(_dtype, _device));
        _loaded = true;
    }

    private double Differentiate(SequenceBatch batch, out Tensor gradient)
    {
        RequireParameters();
        var answers = new AnswerSteps(batch);
        Tensor logits = _rollout.Run(batch, Inputs(batch), answers);                        // (A, O)
        Tensor? loss = TorchLoss.Of(logits, batch, answers, _sequence.Loss);
        loss?.backward();
        gradient = _binding.Gradients();                                                    // (P)
        _rollout.Module.zero_grad();
        return loss?.item<double>() ?? 0;
    }

    private Tensor Answer(SequenceBatch batch, out AnswerSteps answers)
    {
        RequireParameters();
        using IDisposable untracked = no_grad();
        answers = new AnswerSteps(batch);
        return _rollout.Run(batch, Inputs(batch), answers);
    }

    private void RequireParameters()
    {
        if (!_loaded)
            throw new InvalidOperationException("The engine was not given the network's parameters before it was asked to run.");
    }

    // (T, B, D)
    private Tensor Inputs(SequenceBatch batch)
    {
        int steps = batch.Steps, rows = batch.Rows, embedded = _spec.EmbeddedSize;
        Tensor inputs = tensor(batch.Inputs.AsSpan(0, steps * rows * batch.InputSize).ToArray(), dtype: _dtype, device: _device)
            .view(steps, rows, batch.InputSize);
        if (embedded == 0)
            return inputs;
        long[] keys = Array.ConvertAll(batch.Keys.AsSpan(0, steps * rows * batch.KeysPerStep).ToArray(), key => (long)key);
        Tensor words = _rollout.Embed(tensor(keys, device: _device).view(steps, rows, batch.KeysPerStep));
        return cat([words, inputs.narrow(2, embedded, batch.InputSize - embedded)], 2);
    }

    // Answers (A, O) to their places in (T, B, O).
    private void Scatter<T>(T[] values, SequenceBatch batch, AnswerSteps answers, Span<T> logits)
    {
        int size = _spec.OutputSize;
        for (int answer = 0; answer < answers.Answers.Count; answer++)
        {
            (int step, int row) = answers.Answers[answer];
            values.AsSpan(answer * size, size).CopyTo(logits.Slice((step * batch.Rows + row) * size, size));
        }
    }
}
