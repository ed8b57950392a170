using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>The engine, whatever the width of its registers.</summary>
internal abstract class ManagedEngineCore : IDisposable
{
    public abstract double Train(SequenceBatch batch, ReadOnlySpan<float> parameters, Span<float> gradient);

    public abstract void Score(SequenceBatch batch, ReadOnlySpan<float> parameters, Span<float> logits);

    public abstract void Dispose();
}

/// <summary>The engine on registers of one width.</summary>
internal sealed unsafe class ManagedEngineCore<V> : ManagedEngineCore
    where V : unmanaged, ILanes<V>
{
    private readonly NetworkShape _shape;
    private readonly ParameterLayout _layout;
    private readonly SequencePass<V> _network;
    private readonly WeightGradients<V> _weightGradients;
    private readonly WorkerPool _pool;
    private readonly Workspace[] _workspaces;
    private readonly Action<int, int> _trainRows;
    private readonly Action<int, int> _scoreRows;
    private readonly Action<int, int> _sumWeights;
    private SubBatch[] _subBatches = [];
    private int _count;

    // Valid while the spans they are taken from are pinned.
    private float* _gradient;

    public ManagedEngineCore(NetworkSpec spec, SequenceSpec sequence, int threads)
    {
        _shape = new NetworkShape(spec);
        _layout = new ParameterLayout(spec);
        _network = new SequencePass<V>(_shape, sequence, _layout);
        _weightGradients = new WeightGradients<V>(_shape, _network);
        _pool = new WorkerPool(threads);
        _workspaces = new Workspace[threads];
        for (int i = 0; i < threads; i++)
            _workspaces[i] = new Workspace(_shape);
        _trainRows = TrainRows;
        _scoreRows = ScoreRows;
        _sumWeights = (_, job) => _weightGradients.Run(job, _subBatches, _count, _gradient);
    }

    /// <inheritdoc/>
    public override double Train(SequenceBatch batch, ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        Check(batch, parameters);
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, _layout.Length);
        gradient.Clear();
        fixed (float* values = parameters, derivatives = gradient)
        {
            _gradient = derivatives;
            _network.Pack(values, training: true);
            Divide(batch);
            _pool.Run(_count, _trainRows);
            _pool.Run(_weightGradients.Jobs, _sumWeights);
            return SumStarts(derivatives) / batch.Rows;
        }
    }

    /// <inheritdoc/>
    public override void Score(SequenceBatch batch, ReadOnlySpan<float> parameters, Span<float> logits)
    {
        Check(batch, parameters);
        fixed (float* values = parameters)
            _network.Pack(values, training: false);
        Divide(batch);
        _pool.Run(_count, _scoreRows);
        int size = _shape.Spec.OutputSize;
        for (int i = 0; i < _count; i++)
        {
            SubBatch rows = _subBatches[i];
            for (int row = 0; row < rows.Rows; row++)
            {
                int all = rows.FirstRow + row;
                for (int step = batch.OutputStarts[all]; step < rows.Length(row); step++)
                    new Span<float>(rows.Outputs.Row(step, row), size).CopyTo(logits.Slice((step * batch.Rows + all) * size, size));
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _pool.Dispose();

    private void Check(SequenceBatch batch, ReadOnlySpan<float> parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length, _layout.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(batch.InputSize, _shape.Spec.InputSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch.Rows, 1);
    }

    private void Divide(SequenceBatch batch)
    {
        _count = (batch.Rows + SubBatch.MaximumRows - 1) / SubBatch.MaximumRows;
        if (_subBatches.Length < _count)
        {
            int before = _subBatches.Length;
            Array.Resize(ref _subBatches, _count);
            for (int i = before; i < _count; i++)
                _subBatches[i] = new SubBatch(_shape);
        }
        for (int i = 0, first = 0; i < _count; i++, first += SubBatch.MaximumRows)
            _subBatches[i].Take(batch, first, Math.Min(SubBatch.MaximumRows, batch.Rows - first));
    }

    private void TrainRows(int worker, int index)
    {
        SubBatch rows = _subBatches[index];
        _network.Forward(rows, _workspaces[worker], training: true);
        _network.Differentiate(rows);
        _network.Backward(rows, _workspaces[worker]);
    }

    private void ScoreRows(int worker, int index) => _network.Forward(_subBatches[index], _workspaces[worker], training: false);

    // The start's gradient and the loss, summed in the sub-batches' order.
    private double SumStarts(float* gradient)
    {
        StartGradient sums = _subBatches[0].Start;
        double loss = _subBatches[0].Loss;
        for (int i = 1; i < _count; i++)
        {
            Elementwise<V>.Add(_subBatches[i].Start.State, sums.State, sums.Length);
            loss += _subBatches[i].Loss;
        }
        _network.Start.Scatter(sums, gradient);
        return loss;
    }
}
