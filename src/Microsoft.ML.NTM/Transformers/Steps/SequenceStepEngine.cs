using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Transformers.Steps;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.NTM;

/// <summary>
/// Takes a sequence step by step, as it happens: one step in, one answer out, and the network's memory is kept in between. Answers are bit
/// for bit those of scoring the whole sequence on the managed engine, which runs the steps whatever engine the model was trained on.
/// </summary>
/// <remarks>
/// Made by <see cref="SequenceCatalog.CreateStepEngine"/>. An engine is one sequence and is used by one thread at a time;
/// <see cref="Clone"/>
/// gives another sequence at the price of its state (an LSTM's few kilobytes; of a DNC mostly the links, N x N numbers), and clones may run
/// on as many threads as there are.
/// </remarks>
/// <typeparam name="TStep">
/// A step: the columns the pipeline reads. A feature column holds the D numbers or the keys of one step; where the pipeline begins by
/// packing a table (<see cref="SequenceCatalog.SequenceTransforms"/>), a step is a row of that table. The label is not needed.
/// </typeparam>
/// <typeparam name="TAnswer">The columns wanted, as for a <c>PredictionEngine</c>; a vector <c>Score</c> holds one step's O
/// numbers.</typeparam>
public sealed class SequenceStepEngine<TStep, TAnswer>
    where TStep : class, new()
    where TAnswer : class, new()
{
    private readonly StepPipes<TStep, TAnswer> _pipes;
    private readonly StepSession _session;
    private TStep? _last;
    private int _taken;

    internal SequenceStepEngine(MLContext context, IHostEnvironment environment, ITransformer pipeline)
    {
        var parts = new StepPipeline(environment, pipeline);
        SequenceModelParameters model = parts.Model;
        ReadOnlySpan<float> parameters = model.Parameters.Values;
        _pipes = new StepPipes<TStep, TAnswer>(context, parts);
        _session = new StepSession(model.Format, Fingerprint(model),
            EngineFactory.CreateStepper(model.Network, model.Sequence, parameters));
    }

    private SequenceStepEngine(StepPipes<TStep, TAnswer> pipes, StepSession session) => (_pipes, _session) = (pipes, session);

    /// <summary>Steps read since the sequence began.</summary>
    public long Steps => _session.Steps;

    /// <summary>Reads the next step.</summary>
    /// <returns>
    /// What the model answers to it; for a label per sequence, what it would answer if the sequence ended here; empty where answers come
    /// after the input (see <see cref="Answer()"/>).
    /// </returns>
    /// <exception cref="InvalidOperationException">The step cannot serve; it was not read, and the sequence can go on with
    /// another.</exception>
    public TAnswer Step(TStep step)
    {
        var answer = new TAnswer();
        Step(step, ref answer);
        return answer;
    }

    /// <summary>
    /// Reads the next step and fills an answer made before: nothing is allocated but what <typeparamref name="TAnswer"/> needs.
    /// </summary>
    /// <inheritdoc cref="Step(TStep)"/>
    public void Step(TStep step, ref TAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(step);
        using StepTurn turn = StepTurn.Change(ref _taken);
        Run(asks: false, step, ref answer);
        _last = step;
    }

    /// <summary>
    /// The next answer of a model that answers after its input (<see cref="SequenceAlignment.AfterInput"/>): the first call ends the input.
    /// Columns that the pipeline only passes on have the last step's values.
    /// </summary>
    /// <exception cref="InvalidOperationException">The model answers as it reads, or nothing was read yet.</exception>
    public TAnswer Answer()
    {
        var answer = new TAnswer();
        Answer(ref answer);
        return answer;
    }

    /// <inheritdoc cref="Answer()"/>
    public void Answer(ref TAnswer answer)
    {
        using StepTurn turn = StepTurn.Change(ref _taken);
        Run(asks: true, _last ?? new TStep(), ref answer);
    }

    /// <summary>Begins the next sequence.</summary>
    public void Reset()
    {
        using StepTurn turn = StepTurn.Change(ref _taken);
        _session.Reset();
        _last = null;
    }

    /// <summary>
    /// All that is kept between two steps, as bytes: to go on later, in another process or on another machine. Its size depends on the
    /// network only.
    /// </summary>
    public byte[] SaveState()
    {
        using StepTurn turn = StepTurn.Copy(ref _taken);
        return _session.Save();
    }

    /// <summary>Goes on from saved bytes, which may come from anywhere; nothing changes where they cannot be used.</summary>
    /// <exception cref="ArgumentException">They are not a state of this very model.</exception>
    public void LoadState(byte[] state)
    {
        ArgumentNullException.ThrowIfNull(state);
        using StepTurn turn = StepTurn.Change(ref _taken);
        _session.Load(state);
        _last = null;
    }

    /// <summary>Another sequence that has read the same steps, and goes its own way from here. Weights are shared.</summary>
    public SequenceStepEngine<TStep, TAnswer> Clone()
    {
        using StepTurn turn = StepTurn.Copy(ref _taken);
        return new(_pipes, _session.Clone()) { _last = _last };
    }

    private void Run(bool asks, TStep step, ref TAnswer answer)
    {
        StepPipe<TStep, TAnswer> pipe = _pipes.Rent();
        try
        {
            pipe.Run(_session, asks, step, ref answer);
        }
        finally
        {
            _pipes.Return(pipe);
        }
    }

    // A state fits the very weights that made it.
    private static ulong Fingerprint(SequenceModelParameters model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SpecJson.Write(model.Network));
        hash.AppendData(SpecJson.Write(model.Sequence));
        hash.AppendData(MemoryMarshal.AsBytes((ReadOnlySpan<float>)model.Parameters.Values));
        return BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());
    }
}
