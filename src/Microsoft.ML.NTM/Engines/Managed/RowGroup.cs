using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// A few rows of a batch that run together, the unit of parallel work, and all that is kept of their steps. T, n: its steps and rows.
/// State lines Z = [reads ; h^1 ; ... ; h^L] stand in slots: 0 before the first step, t + 1 after step t.
/// </summary>
internal sealed unsafe partial class RowGroup<V>
    where V : struct, ISimd<V>
{
    private readonly NetworkSpec _spec;
    private readonly SequenceSpec _sequence;
    private readonly NetworkWeights _weights;
    private readonly LoadedNetwork _network;
    private readonly Team<V> _team;
    private readonly CellPool? _pool;
    private readonly Action<int> _gatesForward, _gatesBackward, _unitBlock;
    private MemoryCell? _cell;
    private readonly PinnedBuffer _inputs = new(), _states = new(), _heads = new(), _outputs = new(), _byStates = new();
    private readonly PinnedBuffer[] _gates, _cells, _squashed, _byCells;
    private double[] _losses = [];
    private readonly int _layers, _size, _reads, _gateCount, _headCount;
    private readonly bool _bothWays;
    private readonly int _scoredSteps;
    private SequenceBatch _batch = null!;
    private int _firstRow, _firstStep, _windowSteps, _windowAnswer;

    // Where rows stand while their gates are shared out.
    private int _layer, _step;
    private bool _training;

    /// <param name="network">What the rows run.</param>
    /// <param name="cell">Their memory, for as long as the group lives; null where there is none, or a pool.</param>
    /// <param name="pool">Where memory comes from while the rows run, or null.</param>
    /// <param name="team">Who may take part in a step.</param>
    /// <param name="dropoutRate">The share of the controller's outputs that is left out in training.</param>
    public RowGroup(LoadedNetwork network, MemoryCell? cell, CellPool? pool, Team<V> team, float dropoutRate = 0)
    {
        _dropoutRate = dropoutRate;
        (_team, _gatesForward, _gatesBackward, _unitBlock) = (team, GatesForward, GatesBackward, UnitBlock);
        (_network, _spec, _sequence, _weights, _cell, _pool) = (network, network.Network, network.Sequence, network.Matrices, cell, pool);
        (_layers, _size, _reads, _bothWays) = (_spec.DirectedLayers, _spec.ControllerSize, _spec.ReadSize, _spec.Bidirectional);
        _scoredSteps = new GroupRows(_spec).ScoredSteps;
        (_gateCount, _headCount) = (_weights.Gates, _weights.Heads.Columns);
        (_gates, _cells, _squashed, _byCells) = (Buffers(), Buffers(), Buffers(), Buffers());
    }

    /// <summary>n.</summary>
    public int Rows { get; private set; }

    /// <summary>T of the longest row.</summary>
    public int Steps { get; private set; }

    /// <summary>The first step at which any row answers.</summary>
    public int FirstAnswer { get; private set; }

    /// <summary>The summed loss of the rows: each row's over its steps, then row by row.</summary>
    public double Loss
    {
        get
        {
            double sum = 0;
            foreach (double loss in _losses.AsSpan(0, Rows))
                sum += loss;
            return sum;
        }
    }

    // What gates of so many rows take, with exponentials, in operations of a product.
    private long GateOperations(int rows) => 128L * rows * _gateCount;

    private int StateSize => _reads + _layers * _size;

    private bool IsLstm => _spec.Controller == ControllerKind.Lstm;

    private bool LearnsStart => IsLstm && _spec.Kind != NetworkKind.Dnc;

    // Layers of the controller that see the network's inputs and reads: all of a DNC's, and both directions of a first layer.
    private int SeeingLayers => _spec.Kind == NetworkKind.Dnc ? _layers : _spec.Directions;

    private int MostScored => Math.Min(Steps, _scoredSteps);

    /// <summary>Takes rows of a batch.</summary>
    [MethodImpl(Jit.Optimized)]
    public void Take(SequenceBatch batch, int firstRow, int rows)
    {
        (_batch, _firstRow, Rows, Steps, _firstStep) = (batch, firstRow, rows, batch.Lengths[firstRow], 0);
        FirstAnswer = Steps;
        for (int row = 0; row < rows; row++)
            FirstAnswer = Math.Min(FirstAnswer, batch.OutputStarts[firstRow + row]);
    }

    /// <summary>
    /// Forward, loss and backward of a window of steps; the derivatives by raw gates, head parameters and outputs stay for the weights'
    /// gradients. Windows are taken in their order, the first from step 0; each goes on from the state in which the one before ended.
    /// </summary>
    /// <param name="firstStep">The window's first step.</param>
    /// <param name="mostSteps">Its steps, at most.</param>
    public void Train(int firstStep, int mostSteps)
    {
        int before = _windowSteps;
        _windowSteps = Math.Clamp(Steps - firstStep, 0, mostSteps);
        _windowAnswer = Math.Clamp(FirstAnswer - firstStep, 0, _windowSteps);
        if (_windowSteps == 0)
            return;
        Borrow();
        if (firstStep == 0)
            StartTraining(_windowSteps);
        else
            Carry(before);
        _firstStep = firstStep;
        Forward(_windowSteps, training: true);
        LossBackward();
        Backward();
        EmbeddingBackward();
        Return();
    }

    private void StartTraining(int steps)
    {
        Reserve(steps, training: true);
        DrawDropout();
        Start();
        ClearLoss();
    }

    // From the outputs to the states: slots before the first answer get nothing from there.
    private void LossBackward()
    {
        int from = _windowAnswer, answers = _windowSteps - from;
        new Span<float>(ByState(0, 0), (from + 1) * Rows * StateSize).Clear();
        if (_bothWays)
            new Span<float>(ByState(_windowSteps + 1, 0), Rows * StateSize).Clear();
        if (answers == 0)
            return;
        Answer(from, _windowSteps);
        AddLoss(from, _windowSteps);
        _team.Multiply(Output(0, 0), _spec.OutputSize, answers * Rows, _weights.OutputBack, ByState(from + 1, 0), StateSize, add: false);
        if (AnswersByReverseEnd)
            GatherByReverseEnd(from);
    }

    /// <summary>The outputs of all answers, into [T, B, O] of the batch.</summary>
    [MethodImpl(Jit.Optimized)]
    public void Score(Span<float> logits)
    {
        Borrow();
        Reserve(MostScored, training: false);
        Start();
        for (_firstStep = 0; _firstStep < Steps; _firstStep += MostScored)
        {
            (int from, int to) = ForwardWindow();
            CopyAnswers(from, to, logits);
            Carry(to);
        }
        Return();
    }

    /// <summary>Forward and loss alone; the same bits as <see cref="Train"/>'s loss.</summary>
    [MethodImpl(Jit.Optimized)]
    public void ScoreLoss()
    {
        Borrow();
        Reserve(MostScored, training: false);
        Start();
        ClearLoss();
        for (_firstStep = 0; _firstStep < Steps; _firstStep += MostScored)
        {
            (int from, int to) = ForwardWindow();
            AddLoss(from, to);
            Carry(to);
        }
        Return();
    }

    // The steps from _firstStep on; gives those of the window that answer.
    private (int From, int To) ForwardWindow()
    {
        int steps = Math.Min(MostScored, Steps - _firstStep), from = Math.Clamp(FirstAnswer - _firstStep, 0, steps);
        Forward(steps, training: false);
        if (from < steps)
            Answer(from, steps);
        return (from, steps);
    }

    [MethodImpl(Jit.Optimized)]
    private void CopyAnswers(int from, int steps, Span<float> logits)
    {
        int outputs = _spec.OutputSize;
        for (int step = from; step < steps; step++)
        {
            for (int row = 0; row < Running(step); row++)
            {
                if (!Answers(step, row))
                    continue;
                int at = ((_firstStep + step) * _batch.Rows + _firstRow + row) * outputs;
                new ReadOnlySpan<float>(Output(step - from, row), outputs).CopyTo(logits.Slice(at, outputs));
            }
        }
    }

    // A cell of its own, or one for as long as the rows run.
    private void Borrow()
    {
        if (_pool is not null)
            _cell = _pool.Take();
    }

    private void Return()
    {
        if (_pool is null)
            return;
        _pool.Return(_cell!);
        _cell = null;
    }

    [MethodImpl(Jit.Optimized)]
    private void Reserve(int steps, bool training)
    {
        long lines = (long)steps * Rows, slots = lines + Rows * _spec.Directions;
        _inputs.Reserve(lines * _spec.InputSize);
        _states.Reserve(slots * StateSize);
        _heads.Reserve(lines * _headCount);
        _outputs.Reserve(lines * _spec.OutputSize);
        for (int layer = 0; layer < _layers; layer++)
        {
            _gates[layer].Reserve(lines * _gateCount);
            if (!IsLstm)
                continue;
            _cells[layer].Reserve(slots * _size);
            _squashed[layer].Reserve(lines * _size);
            _byCells[layer].Reserve(Rows * _size);
        }
        if (training)
            _byStates.Reserve(slots * StateSize);
        _cell?.Reserve(steps, Rows, _heads.Pointer, training);
    }

    // All rows start from the same state; what reads backwards starts elsewhere, see StartReverse.
    [MethodImpl(Jit.Optimized)]
    private void Start()
    {
        NtmStart? start = _network.Start;
        ParameterOffsets offsets = _network.Offsets;
        for (int row = 0; row < Rows; row++)
        {
            float* state = State(0, row);
            var reads = new Span<float>(state, _reads);
            if (start is null)
                reads.Clear();
            else
                new ReadOnlySpan<float>(start.Reads, _reads).CopyTo(reads);
            _cell?.Start(row);
            for (int layer = 0; layer < _layers; layer += _spec.Directions)
            {
                var hidden = new Span<float>(state + _reads + layer * _size, _size);
                if (!LearnsStart)
                {
                    hidden.Clear();
                    if (IsLstm)
                        new Span<float>(Cell(layer, 0, row), _size).Clear();
                    continue;
                }
                new ReadOnlySpan<float>(_network.Parameters + offsets.Hidden[layer], _size).CopyTo(hidden);
                new ReadOnlySpan<float>(_network.Parameters + offsets.Cell[layer], _size)
                    .CopyTo(new Span<float>(Cell(layer, 0, row), _size));
            }
        }
    }

    // The last slot becomes the first.
    [MethodImpl(Jit.Optimized)]
    private void Carry(int steps)
    {
        Buffer.MemoryCopy(State(steps, 0), State(0, 0), long.MaxValue, (long)Rows * StateSize * sizeof(float));
        for (int layer = 0; layer < _layers && IsLstm; layer++)
            Buffer.MemoryCopy(Cell(layer, steps, 0), Cell(layer, 0, 0), long.MaxValue, (long)Rows * _size * sizeof(float));
        _cell?.Carry(steps);
    }

    // Rows that have not ended before a step: the first ones, because the longest stand first.
    [MethodImpl(Jit.Optimized)]
    private int Running(int step)
    {
        int rows = Rows;
        while (_batch.Lengths[_firstRow + rows - 1] <= _firstStep + step)
            rows--;
        return rows;
    }

    private bool Answers(int step, int row) => _firstStep + step >= _batch.OutputStarts[_firstRow + row];

    private float* Input(int step, int row) => _inputs.Pointer + ((nint)step * Rows + row) * _spec.InputSize;

    private float* State(int slot, int row) => _states.Pointer + ((nint)slot * Rows + row) * StateSize;

    private float* ByState(int slot, int row) => _byStates.Pointer + ((nint)slot * Rows + row) * StateSize;

    private float* Hidden(int slot, int row, int layer) => State(slot, row) + _reads + layer * _size;

    private float* Gates(int layer, int step, int row) => _gates[layer].Pointer + ((nint)step * Rows + row) * _gateCount;

    private float* Cell(int layer, int slot, int row) => _cells[layer].Pointer + ((nint)slot * Rows + row) * _size;

    private float* Squashed(int layer, int step, int row) => _squashed[layer].Pointer + ((nint)step * Rows + row) * _size;

    private float* Heads(int step, int row) => _heads.Pointer + ((nint)step * Rows + row) * _headCount;

    private float* Output(int answer, int row) => _outputs.Pointer + ((nint)answer * Rows + row) * _spec.OutputSize;

    [MethodImpl(Jit.Optimized)]
    private PinnedBuffer[] Buffers()
    {
        var buffers = new PinnedBuffer[_layers];
        for (int layer = 0; layer < _layers; layer++)
            buffers[layer] = new PinnedBuffer();
        return buffers;
    }
}
