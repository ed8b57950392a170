using System.Buffers.Binary;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Transformers.Steps;

/// <summary>One sequence on its way through a model: what is kept between two of its steps.</summary>
internal sealed class StepSession
{
    // Fingerprint of the model, steps, whether the answers have begun.
    private const int HeaderLength = 8 + 8 + 1;

    // A state is someone's file: numbers beyond these are no state's.
    private const long MostSteps = 1L << 53;
    private const float LargestNumber = 1e12f;

    // Steps after which a state that leads to infinity has shown it.
    private const int ProbedSteps = 4;

    private readonly SequenceFormat _format;
    private readonly ulong _fingerprint;
    private readonly IStepper _stepper;
    private readonly float[] _inputs, _logits;
    private readonly int[] _noKeys;
    private bool _answering;
    private int _answers;

    /// <param name="format">The model's sequences.</param>
    /// <param name="fingerprint">Tells the model from others.</param>
    /// <param name="stepper">The network.</param>
    public StepSession(SequenceFormat format, ulong fingerprint, IStepper stepper)
    {
        (_format, _fingerprint, _stepper) = (format, fingerprint, stepper);
        (_inputs, _logits) = (new float[format.InputSize], new float[format.OutputSize]);
        _noKeys = new int[format.KeysPerStep];
    }

    /// <summary>Steps read since the sequence began.</summary>
    public long Steps { get; private set; }

    /// <summary>The outputs of the last step, before sigmoid or softmax: [O]; empty where it does not answer.</summary>
    public ReadOnlySpan<float> Logits => _logits.AsSpan(0, _answers);

    private bool AnswersLater => _format.Spec.Alignment == SequenceAlignment.AfterInput;

    /// <summary>Back to before the first step.</summary>
    public void Reset()
    {
        _stepper.Reset();
        (Steps, _answering, _answers) = (0, false, 0);
    }

    /// <summary>Reads a step: its inputs [D], without delimiter channel, and the keys to look up [K].</summary>
    /// <exception cref="InvalidOperationException">The sequence was already answered.</exception>
    public void Read(ReadOnlySpan<float> features, ReadOnlySpan<int> keys)
    {
        if (_answering)
            throw new InvalidOperationException(
                "The sequence has begun to be answered and takes no more input: Reset begins the next one.");
        _inputs.AsSpan(features.Length).Clear();
        features.CopyTo(_inputs);
        _stepper.Step(_inputs, keys, _logits);
        Steps++;
        _answers = AnswersLater ? 0 : _logits.Length;
    }

    /// <summary>Gives the next answer of a sequence that is answered after its input.</summary>
    /// <exception cref="InvalidOperationException">The model answers as it reads, or nothing was read.</exception>
    public void Answer()
    {
        if (!AnswersLater)
            throw new InvalidOperationException(
                "The model answers every step as it is read: Answer is for sequences that are answered after their input "
                    + "(SequenceAlignment.AfterInput).");
        if (Steps == 0)
            throw new InvalidOperationException("There is nothing to answer yet: read at least one step.");
        _inputs.AsSpan().Clear();
        if (!_answering)
        {
            _inputs[^1] = 1f; // the delimiter
            _stepper.Step(_inputs, _noKeys, _logits);
            _inputs[^1] = 0f;
            _answering = true;
        }
        _stepper.Step(_inputs, _noKeys, _logits);
        _answers = _logits.Length;
    }

    /// <summary>Another one in the same state.</summary>
    public StepSession Clone()
    {
        var clone = new StepSession(_format, _fingerprint, _stepper.Clone())
        {
            Steps = Steps,
            _answering = _answering,
            _answers = _answers,
        };
        _logits.CopyTo(clone._logits, 0);
        return clone;
    }

    /// <summary>The state as bytes, the same on every machine.</summary>
    public byte[] Save()
    {
        float[] state = new float[_stepper.StateLength];
        _stepper.Save(state);
        byte[] bytes = new byte[HeaderLength + state.Length * sizeof(float)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _fingerprint);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Steps);
        bytes[HeaderLength - 1] = _answering ? (byte)1 : (byte)0;
        for (int i = 0; i < state.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(HeaderLength + i * sizeof(float)), state[i]);
        return bytes;
    }

    /// <summary>Goes on from saved bytes; nothing changes where they cannot be used.</summary>
    /// <exception cref="ArgumentException">They are not a state of this model.</exception>
    public void Load(ReadOnlySpan<byte> bytes)
    {
        float[] state = new float[_stepper.StateLength];
        int expected = HeaderLength + state.Length * sizeof(float);
        if (bytes.Length != expected)
            throw Fault($"expected {expected} bytes, got {bytes.Length}");
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes) != _fingerprint)
            throw Fault("it was saved by a model with other weights");
        long steps = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        byte answering = bytes[HeaderLength - 1];
        if (steps is < 0 or > MostSteps || answering > (AnswersLater ? 1 : 0) || answering == 1 && steps == 0)
            throw Fault($"it is at step {steps} of phase {answering}");
        for (int i = 0; i < state.Length; i++)
        {
            state[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(HeaderLength + i * sizeof(float))..]);
            if (!(MathF.Abs(state[i]) <= LargestNumber))
                throw Fault(FormattableString.Invariant($"number {i} is {state[i]}, where {LargestNumber} is the largest size"));
        }
        Probe(state);
        (Steps, _answering, _answers) = (steps, answering == 1, 0);
    }

    // A weighting of a million is a number like others, but no head's: what matters is where the network goes from there.
    private void Probe(float[] state)
    {
        float[] before = new float[state.Length], after = new float[state.Length], inputs = new float[_inputs.Length];
        float[] logits = new float[_logits.Length];
        _stepper.Save(before);
        _stepper.Load(state);
        for (int step = 0; step < ProbedSteps; step++)
        {
            _stepper.Step(inputs, _noKeys, logits);
            _stepper.Save(after);
            if (Array.TrueForAll(logits, float.IsFinite) && Array.TrueForAll(after, float.IsFinite))
                continue;
            _stepper.Load(before);
            throw Fault("it leads to numbers that are not finite");
        }
        _stepper.Load(state);
    }

    private static ArgumentException Fault(string reason) => new($"The state is damaged or not of this model: {reason}.", "state");
}
