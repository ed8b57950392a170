using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>Whole sequences of a sub-batch, forward and backward in time.</summary>
internal sealed unsafe class SequencePass<V>
    where V : unmanaged, ILanes<V>
{
    private readonly NetworkShape _shape;
    private readonly SequenceLoss _loss;
    private readonly MemoryStep<V>? _memory;

    public SequencePass(NetworkShape shape, SequenceSpec sequence, ParameterLayout layout)
    {
        (_shape, _loss) = (shape, sequence.Loss);
        Start = new StartState<V>(shape, layout);
        Controller = new Controller<V>(shape, layout);
        if (shape.Spec.HasMemory)
        {
            _memory = new MemoryStep<V>(shape);
            Heads = new Affine<V>(layout, "heads");
        }
        Output = new Affine<V>(layout, "output");
    }

    public StartState<V> Start { get; }

    public Controller<V> Controller { get; }

    /// <summary>h to head parameters; null without a memory.</summary>
    public Affine<V>? Heads { get; }

    /// <summary>[h ; r] to logits.</summary>
    public Affine<V> Output { get; }

    /// <summary>Takes all parameters.</summary>
    public void Pack(float* parameters, bool training)
    {
        Start.Pack(parameters);
        Controller.Pack(parameters, training);
        Heads?.Pack(parameters, training);
        Output.Pack(parameters, training);
    }

    /// <summary>Runs the sequences; <see cref="SubBatch.Outputs"/> has the logits from the first answer on.</summary>
    public void Forward(SubBatch rows, Workspace work, bool training)
    {
        work.Reset(rows.Steps, rows.Rows, training);
        Start.Place(rows, work);
        Controller.Project(rows);
        for (int step = 0, running = rows.Rows; step < rows.Steps; step++)
        {
            running = rows.Running(step, running);
            Controller.Forward(rows, work, step, running);
            if (_memory != null)
                RunHeads(rows, work, step, running, training);
        }
        int first = rows.FirstAnswer, answers = checked((rows.Steps - first) * rows.Rows);
        Output.Forward(rows.States.Row(first + 1, 0), rows.States.Stride, answers, rows.Outputs.Row(first, 0), rows.Outputs.Stride);
    }

    /// <summary>The rows' loss; the logits become the derivative by them, of the batch's loss.</summary>
    public void Differentiate(SubBatch rows)
    {
        SequenceBatch batch = rows.Batch;
        int size = _shape.Spec.OutputSize;
        for (int row = 0; row < rows.Rows; row++)
        {
            int all = rows.FirstRow + row;
            double weight = batch.Weights[all], loss = 0;
            for (int step = rows.FirstAnswer; step < rows.Steps; step++)
            {
                var logits = new Span<float>(rows.Outputs.Row(step, row), size);
                if (step >= batch.OutputStarts[all] && step < batch.Lengths[all])
                    loss += AnswerLoss.Differentiate(_loss, logits, batch.Target(step, all), weight / batch.Rows);
                else
                    logits.Clear();
            }
            rows.Loss += weight * loss;
        }
    }

    /// <summary>From the derivative by the logits to that by everything that went through a product, and by the start.</summary>
    public void Backward(SubBatch rows, Workspace work)
    {
        work.DStates.ClearSteps(0, rows.Steps + 1);
        int first = rows.FirstAnswer, answers = checked((rows.Steps - first) * rows.Rows);
        Output.Weight.Backward(rows.Outputs.Row(first, 0), rows.Outputs.Stride, answers, work.DStates.Row(first + 1, 0), work.DStates.Stride);
        foreach (Tape cells in work.DCells)
            cells.ClearSteps(0, 1);
        if (_memory != null)
        {
            work.DMemories.ClearSteps(0, 1);
            work.DWeightings.ClearSteps(0, 1);
        }
        for (int step = rows.Steps - 1; step >= 0; step--)
        {
            int running = rows.Running(step, rows.Rows);
            if (_memory != null)
                RunHeadsBackward(rows, work, step, running);
            Controller.Backward(rows, work, step, running);
        }
        rows.ClearEnded();
        Start.Collect(rows, work);
    }

    private void RunHeads(SubBatch rows, Workspace work, int step, int running, bool training)
    {
        Heads!.Forward(rows.States.Row(step + 1, 0), rows.States.Stride, running, rows.Heads.Row(step, 0), rows.Heads.Stride);
        for (int row = 0; row < running; row++)
        {
            if (training && step % work.Interval == 0)
                Copy(work.Memories.Row(0, row), work.Checkpoints.Row(step / work.Interval, row));
            _memory!.Forward(rows, work, step, row);
        }
    }

    private void RunHeadsBackward(SubBatch rows, Workspace work, int step, int running)
    {
        int behind = step % work.Interval, checkpoint = step / work.Interval;
        if (step == rows.Steps - 1 || behind == work.Interval - 1)
            Replay(rows, work, step - behind, step);
        for (int row = 0; row < running; row++)
            _memory!.Backward(rows, work, step, row, behind == 0 ? work.Checkpoints.Row(checkpoint, row) : work.Replayed.Row(behind - 1, row));
        Heads!.Weight.Backward(rows.Heads.Row(step, 0), rows.Heads.Stride, running, work.DStates.Row(step + 1, 0), work.DStates.Stride);
    }

    // Makes the memories before the steps first + 1 .. last again, from the one kept before step first.
    private void Replay(SubBatch rows, Workspace work, int first, int last)
    {
        for (int step = first; step < last; step++)
        {
            int running = rows.Running(step + 1, rows.Rows), behind = step - first;
            for (int row = 0; row < running; row++)
            {
                float* before = behind == 0
                    ? work.Checkpoints.Row(first / work.Interval, row)
                    : work.Replayed.Row(behind - 1, row);
                _memory!.Write(rows.Heads.Row(step, row), before, work, step, row, work.Replayed.Row(behind, row), work.Scratch.PerValue);
            }
        }
    }

    private void Copy(float* from, float* to) => new Span<float>(from, _shape.MemorySize).CopyTo(new Span<float>(to, _shape.MemorySize));
}
