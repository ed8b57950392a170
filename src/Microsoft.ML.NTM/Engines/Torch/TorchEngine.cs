using Microsoft.ML.NTM.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>Runs a network as TorchSharp modules with autograd: the GPU path, and what the managed engine is measured against.</summary>
internal sealed class TorchEngine : IEngine
{
    // Steps that are gone back over at once: libtorch cannot be interrupted on its way back.
    private const int StretchSteps = 128;

    private readonly NetworkSpec _spec;
    private readonly SequenceSpec _sequence;
    private readonly Device _device;
    private readonly ScalarType _dtype;
    private readonly Rollout _rollout;
    private readonly ParameterBinding _binding;
    private readonly GradientSettings _gradients;
    private bool _loaded;

    /// <param name="spec">The network.</param>
    /// <param name="sequence">The loss and its groups.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="dtype">Float32, or Float64 to check others against.</param>
    /// <param name="gradients">How gradients are made; null: as the equations say.</param>
    public TorchEngine(
        NetworkSpec spec, SequenceSpec sequence, Device device, ScalarType dtype = ScalarType.Float32, GradientSettings? gradients = null)
    {
        _gradients = gradients ?? GradientSettings.Exact;
        (_spec, _sequence, _device, _dtype) = (spec, sequence, device, dtype);
        using DisposeScope scope = NewDisposeScope();
        _rollout = Rollout.Create(spec, sequence, dtype, device);
        _binding = new ParameterBinding(_rollout.Module, new ParameterLayout(spec));
        _binding.DetachFromDisposeScope();
    }

    /// <summary>A single-precision engine.</summary>
    /// <exception cref="InvalidOperationException">TorchSharp's native half is not there or does not load; the message says
    /// why.</exception>
    public static TorchEngine Create(NetworkSpec spec, SequenceSpec sequence, TorchDevice device, GradientSettings gradients)
    {
        TorchBackend.Require();
        return new TorchEngine(spec, sequence, device.ToTorch(), gradients: gradients);
    }

    /// <inheritdoc/>
    public Action? CheckAlive
    {
        get => _rollout.CheckAlive;
        set => _rollout.CheckAlive = value;
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
        RequireParameters();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        _rollout.Start(batch.Rows, null);
        double sum = 0;
        foreach ((int from, int to) in Windows(0, batch.Steps, _gradients.TruncationSteps))
        {
            // Added up as the way back does, so that the bits are the same.
            var losses = new Stack<double>();
            foreach ((int first, int end) in Windows(from, to, MostAtOnce))
                losses.Push(Forward(batch, first, end)?.item<double>() ?? 0);
            sum += losses.Aggregate(0.0, (all, loss) => all + loss);
        }
        return sum;
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
        double sum = 0;
        _rollout.Start(batch.Rows, DropoutMasks(batch));
        try
        {
            foreach ((int from, int to) in Windows(0, batch.Steps, _gradients.TruncationSteps))
                sum += DifferentiateWindow(batch, from, to);
            gradient = _binding.Gradients();                                                // (P)
        }
        finally
        {
            // Nothing is left of a batch that was given up.
            _rollout.Module.zero_grad();
        }
        return sum;
    }

    // Adds to the parameters' gradients. What the window before left is a constant to it.
    private double DifferentiateWindow(SequenceBatch batch, int from, int to)
    {
        using DisposeScope scope = NewDisposeScope();
        var stretches = new Stack<(Tensor? Loss, StateCut End)>();
        foreach ((int first, int end) in Windows(from, to, MostAtOnce))
            stretches.Push((Forward(batch, first, end), _rollout.Cut()));
        double sum = 0;
        while (stretches.TryPop(out (Tensor? Loss, StateCut End) stretch))
        {
            CheckAlive?.Invoke();
            stretch.End.Backward(stretch.Loss);
            sum += stretch.Loss?.item<double>() ?? 0;
        }
        _rollout.Detach(scope);
        return sum;
    }

    // Forward over a few steps, from the state that was reached: their loss, if they have one.
    private Tensor? Forward(SequenceBatch batch, int from, int to)
    {
        var answers = new AnswerSteps(batch, from, to);
        Tensor? logits = _rollout.Run(batch, Inputs(batch, from, to), answers, from, to);   // (A, O)
        return logits is null ? null : TorchLoss.Of(logits, batch, answers, _sequence.Loss);
    }

    private int MostAtOnce => _spec.Bidirectional ? int.MaxValue : StretchSteps;

    // The steps [from, end), so many at a time.
    private static IEnumerable<(int From, int To)> Windows(int from, int end, int most)
    {
        for (int to; from < end; from = to)
        {
            to = (int)Math.Min((long)from + most, end);
            yield return (from, to);
        }
    }

    // (B, L, H), both directions' layers one by one, or null without dropout.
    private Tensor? DropoutMasks(SequenceBatch batch)
    {
        if (_gradients.DropoutRate == 0)
            return null;
        int length = _spec.HiddenSize;
        float[] masks = new float[batch.Rows * length];
        for (int row = 0; row < batch.Rows; row++)
            DropoutMask.Fill(masks.AsSpan(row * length, length), batch, row, _gradients.DropoutRate);
        return tensor(masks, dtype: _dtype, device: _device).view(batch.Rows, _spec.DirectedLayers, _spec.ControllerSize);
    }

    private Tensor Answer(SequenceBatch batch, out AnswerSteps answers)
    {
        RequireParameters();
        using IDisposable untracked = no_grad();
        answers = new AnswerSteps(batch, 0, batch.Steps);
        _rollout.Start(batch.Rows, null);
        return _rollout.Run(batch, Inputs(batch, 0, batch.Steps), answers, 0, batch.Steps)!;
    }

    private void RequireParameters()
    {
        if (!_loaded)
            throw new InvalidOperationException("The engine was not given the network's parameters before it was asked to run.");
    }

    // (T', B, D) of the steps [from, to).
    private Tensor Inputs(SequenceBatch batch, int from, int to)
    {
        int steps = to - from, rows = batch.Rows, embedded = _spec.EmbeddedSize;
        Tensor inputs = tensor(batch.Inputs.AsSpan(from * rows * batch.InputSize, steps * rows * batch.InputSize).ToArray(), dtype: _dtype,
            device: _device)
            .view(steps, rows, batch.InputSize);
        if (embedded == 0)
            return inputs;
        long[] keys = Array.ConvertAll(batch.Keys.AsSpan(from * rows * batch.KeysPerStep, steps * rows * batch.KeysPerStep).ToArray(),
            key => (long)key);
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
