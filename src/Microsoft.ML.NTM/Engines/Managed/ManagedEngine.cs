using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// Runs a network on the CPU with hand-derived derivatives and vector instructions. The same parameters and batch give the same bits for
/// any number of threads, and a row scores the same alone and in any batch. Nothing is allocated once a shape has been seen.
/// </summary>
internal sealed class ManagedEngine : IEngine
{
    private readonly IEngine _engine;

    /// <param name="network">The network.</param>
    /// <param name="sequence">The loss and its groups.</param>
    /// <param name="threads">How many threads share the work, the caller among them.</param>
    /// <param name="gradients">How gradients are made; null: as the equations say.</param>
    public ManagedEngine(NetworkSpec network, SequenceSpec sequence, int threads, GradientSettings? gradients = null)
        : this(network, sequence, threads, SimdWidths.Best, gradients)
    {
    }

    /// <summary>An engine with vectors of a given width.</summary>
    internal ManagedEngine(NetworkSpec network, SequenceSpec sequence, int threads, SimdWidth width, GradientSettings? gradients = null)
    {
        gradients ??= GradientSettings.Exact;
        _engine = width switch
        {
            SimdWidth.Avx512 => new ManagedEngine<V512>(network, sequence, threads, gradients),
            SimdWidth.Avx2 => new ManagedEngine<V256>(network, sequence, threads, gradients),
            _ => new ManagedEngine<V128>(network, sequence, threads, gradients),
        };
    }

    /// <inheritdoc/>
    public Action? CheckAlive
    {
        get => _engine.CheckAlive;
        set => _engine.CheckAlive = value;
    }

    /// <inheritdoc/>
    public void Load(ReadOnlySpan<float> parameters) => _engine.Load(parameters);

    /// <inheritdoc/>
    public double LossAndGradient(SequenceBatch batch, Span<float> gradient) => _engine.LossAndGradient(batch, gradient);

    /// <inheritdoc/>
    public double Loss(SequenceBatch batch) => _engine.Loss(batch);

    /// <inheritdoc/>
    public void Score(SequenceBatch batch, Span<float> logits) => _engine.Score(batch, logits);

    /// <inheritdoc/>
    public void Share(int count, Action<int> work) => _engine.Share(count, work);

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}

/// <inheritdoc cref="ManagedEngine"/>
internal sealed unsafe class ManagedEngine<V> : IEngine
    where V : struct, ISimd<V>
{
    // Operations below which no thread is woken: about 0.2 ms of one core.
    private const long LeastShared = 20_000_000;

    // Pieces of anything else below which none is.
    private const int LeastPieces = 16;

    private readonly GradientSettings _gradients;
    private readonly LoadedNetwork _network;
    private readonly WeightBlock[] _blocks;
    private readonly WorkerPool _pool;
    private readonly Pulse _pulse;
    private readonly Team<V> _team;
    private readonly CellPool? _cells;
    private readonly GroupRows _groupRows;
    private readonly long _operationsPerStep;
    private readonly List<RowGroup<V>> _groups = [];
    private readonly Action<int> _trainGroup, _lossOfGroup, _scoreGroup, _sumBlock;
    private float* _gradient, _logits;
    private int _logitCount, _groupCount, _firstStep;
    private bool _loaded;

    public ManagedEngine(NetworkSpec network, SequenceSpec sequence, int threads, GradientSettings gradients)
    {
        if (network.Bidirectional && gradients.TruncationSteps < int.MaxValue)
            throw new ArgumentException("A bidirectional network takes whole sequences, not windows of their steps.", nameof(gradients));
        _gradients = gradients;
        _network = new LoadedNetwork(network, sequence, V.PanelVectors * V.Count);
        _blocks = WeightBlock.All(network, _network.Layout);
        _pool = new WorkerPool(threads);
        _operationsPerStep = OperationsPerStep();
        _pulse = new Pulse(_operationsPerStep);
        _team = new Team<V>(_pool, _pulse);
        _groupRows = new GroupRows(network);
        // A group that is taken window by window keeps its memory from one to the next.
        if (network.Kind == NetworkKind.Dnc && gradients.TruncationSteps == int.MaxValue)
            _cells = new CellPool(Math.Max(threads, 1), () => new DncMemory<V>(network));
        (_trainGroup, _lossOfGroup, _scoreGroup, _sumBlock) = (TrainGroup, LossOfGroup, ScoreGroup, SumBlock);
    }

    /// <inheritdoc/>
    public Action? CheckAlive
    {
        get => _pulse.CheckAlive;
        set => _pulse.CheckAlive = value;
    }

    /// <inheritdoc/>
    public void Load(ReadOnlySpan<float> parameters)
    {
        using var flushed = new FlushToZero();
        _network.Load(parameters, _pool);
        _loaded = true;
    }

    /// <inheritdoc/>
    public double LossAndGradient(SequenceBatch batch, Span<float> gradient)
    {
        using var flushed = new FlushToZero();
        gradient.Clear();
        Prepare(batch, training: true);
        fixed (float* by = gradient)
        {
            _gradient = by;
            for (_firstStep = 0; _firstStep < batch.Steps; _firstStep = NextWindow())
            {
                RunGroups(_trainGroup, 3 * Operations(batch));
                _pool.Run(_blocks.Length, _sumBlock, shared: Operations(batch) >= LeastShared);
                AddRowGradients();
            }
        }
        return SumLosses();
    }

    /// <inheritdoc/>
    public double Loss(SequenceBatch batch)
    {
        using var flushed = new FlushToZero();
        Prepare(batch, training: false);
        RunGroups(_lossOfGroup, Operations(batch));
        return SumLosses();
    }

    /// <inheritdoc/>
    public void Score(SequenceBatch batch, Span<float> logits)
    {
        using var flushed = new FlushToZero();
        Prepare(batch, training: false);
        fixed (float* scores = logits)
        {
            _logits = scores;
            _logitCount = logits.Length;
            RunGroups(_scoreGroup, Operations(batch));
        }
    }

    /// <inheritdoc/>
    public void Share(int count, Action<int> work)
    {
        // As the other threads do all they do: no bit depends on who works.
        using var flushed = new FlushToZero();
        _pool.Run(count, work, shared: count >= LeastPieces || _pool.Awake);
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    // The groups depend on the batch alone, so that the order of every sum does too.
    private void Prepare(SequenceBatch batch, bool training)
    {
        if (!_loaded)
            throw new InvalidOperationException("The engine was not given the network's parameters before it was asked to run.");
        if (training)
            _network.PrepareBackward(_pool);
        int rows = _groupRows.Of(batch.Rows);
        _groupCount = 0;
        for (int row = 0; row < batch.Rows; row += rows)
        {
            if (_groups.Count == _groupCount)
                _groups.Add(new RowGroup<V>(_network, CreateCell(), _cells, _team, _gradients.DropoutRate));
            _groups[_groupCount++].Take(batch, row, Math.Min(rows, batch.Rows - row));
        }
        _cells?.Reserve(_groupCount, training ? batch.Steps : Math.Min(batch.Steps, _groupRows.ScoredSteps), rows, training);
    }

    private long OperationsPerStep()
    {
        NetworkSpec network = _network.Network;
        long weights = _network.Layout.Length - (long)network.VocabularySize * network.EmbeddingSize;
        return 2 * weights + network.Kind switch
        {
            NetworkKind.Ntm => 12L * network.MemorySlots * network.MemoryWidth,
            NetworkKind.Dnc => 12L * network.MemorySlots * (network.MemorySlots + network.MemoryWidth),
            _ => 0,
        };
    }

    // Multiplications and additions of a forward pass, which the products and the memory's passes make up.
    private long Operations(SequenceBatch batch)
    {
        long steps = 0;
        for (int row = 0; row < batch.Rows; row++)
            steps += batch.Lengths[row];
        return steps * _operationsPerStep;
    }

    // Side by side, or one after another where all threads take part in each.
    private void RunGroups(Action<int> run, long operations)
    {
        bool shared = operations >= LeastShared;
        _team.Active = shared && _groupRows.IsWide && _groupCount % _pool.Threads != 0;
        _pool.Run(_groupCount, run, shared && !_team.Active);
        _team.Active = false;
    }

    private int NextWindow() => (int)Math.Min((long)_firstStep + _gradients.TruncationSteps, int.MaxValue);

    private void TrainGroup(int group) => _groups[group].Train(_firstStep, _gradients.TruncationSteps);

    private void LossOfGroup(int group) => _groups[group].ScoreLoss();

    private void ScoreGroup(int group) => _groups[group].Score(new Span<float>(_logits, _logitCount));

    private void SumBlock(int block)
    {
        for (int group = 0; group < _groupCount; group++)
        {
            _pulse.Beat();
            _groups[group].AddGradient(_blocks[block], _gradient);
        }
    }

    // Starting states and embedded keys, row by row.
    private void AddRowGradients()
    {
        for (int group = 0; group < _groupCount; group++)
            _groups[group].AddEmbeddingGradient(_gradient);
        if (_firstStep > 0)
            return;
        _network.Start?.ClearGradients();
        for (int group = 0; group < _groupCount; group++)
            _groups[group].AddStartGradient(_gradient);
        _network.Start?.StoreGradients(_gradient);
    }

    private MemoryCell? CreateCell() => _network.Start is { } start ? new NtmMemory<V>(_network.Network, start)
        : _network.Network.Kind == NetworkKind.Dnc && _cells is null ? new DncMemory<V>(_network.Network) : null;

    private double SumLosses()
    {
        double loss = 0;
        for (int group = 0; group < _groupCount; group++)
            loss += _groups[group].Loss;
        return loss;
    }
}
