using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// The gradients of all matrices and biases, from what all sub-batches have kept: dW = dy^T x over all steps of all rows, in one fixed
/// order. The work is cut by outputs, so that a sum never depends on who computes it.
/// </summary>
internal sealed unsafe class WeightGradients<V>
    where V : unmanaged, ILanes<V>
{
    // Outputs per job: whole tiles.
    private const int OutputsPerJob = 48;

    private readonly List<Job> _jobs = [];

    public WeightGradients(NetworkShape shape, SequencePass<V> network)
    {
        int hidden = shape.Spec.HiddenSize;
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            int index = layer;
            Tape Gates(SubBatch rows) => rows.Gates[index];
            foreach (Connection<V> from in network.Controller.Connections[layer])
                Add(from.Weight, Gates, rows => rows.States, 1 - from.Delay, from.Offset);
            if (layer == 0)
                Add(network.Controller.Input, Gates, rows => rows.Inputs, 0, 0);
            _jobs.Add(new Job(null, network.Controller.Biases[layer], Gates, Gates, 0, 0, 0, 0, FromFirstAnswer: false));
        }
        if (network.Heads != null)
            Add(network.Heads, rows => rows.Heads, fromFirstAnswer: false);
        Add(network.Output, rows => rows.Outputs, fromFirstAnswer: true);
    }

    /// <summary>Independent pieces of work.</summary>
    public int Jobs => _jobs.Count;

    /// <summary>Computes one piece over the first <paramref name="count"/> sub-batches and puts it to its places in the gradient.</summary>
    public void Run(int index, SubBatch[] subBatches, int count, float* gradient)
    {
        Job job = _jobs[index];
        job.Weight?.ClearGradient(job.First, job.Count);
        job.Bias?.ClearGradient();
        for (int i = 0; i < count; i++)
        {
            SubBatch rows = subBatches[i];
            int first = job.FromFirstAnswer ? rows.FirstAnswer : 0;
            long all = (long)(rows.Steps - first) * rows.Rows;
            Tape dy = job.Derivatives(rows), x = job.Sources(rows);
            job.Weight?.AddGradient(job.First, job.Count, dy.Row(first, 0), dy.Stride,
                x.Row(first + job.Shift, 0) + job.Offset, x.Stride, all);
            job.Bias?.AddGradient(dy.Row(first, 0), dy.Stride, all);
        }
        job.Weight?.ScatterGradient(job.First, job.Count, gradient);
        job.Bias?.ScatterGradient(gradient);
    }

    private void Add(Affine<V> affine, Func<SubBatch, Tape> derivatives, bool fromFirstAnswer)
    {
        Add(affine.Weight, derivatives, rows => rows.States, 1, 0, fromFirstAnswer);
        _jobs.Add(new Job(null, affine.Bias, derivatives, derivatives, 0, 0, 0, 0, fromFirstAnswer));
    }

    private void Add(
        Weight<V> weight, Func<SubBatch, Tape> derivatives, Func<SubBatch, Tape> sources, int shift, int offset, bool fromFirstAnswer = false)
    {
        for (int first = 0; first < weight.Outputs; first += OutputsPerJob)
        {
            int count = Math.Min(OutputsPerJob, weight.Outputs - first);
            _jobs.Add(new Job(weight, null, derivatives, sources, shift, offset, first, count, fromFirstAnswer));
        }
    }

    // Outputs First .. First + Count - 1 of a weight, or a bias; x is taken Shift steps later than dy, from its Offset on.
    private sealed record Job(
        Weight<V>? Weight, Bias<V>? Bias, Func<SubBatch, Tape> Derivatives, Func<SubBatch, Tape> Sources, int Shift, int Offset,
        int First, int Count, bool FromFirstAnswer);
}
