namespace Microsoft.ML.NTM.Data;

/// <summary>
/// Rows that run together: T steps of B sequences, longest first, so that the rows still running at a step are always the first ones.
/// Everything is time-major and padded with zeros; padding is never read by an engine. The arrays are reused from batch to batch and may be
/// longer than the batch.
/// </summary>
internal sealed class SequenceBatch(int inputSize, int targetSize, int keysPerStep = 0)
{
    /// <summary>Inputs per step (D), the delimiter channel included.</summary>
    public int InputSize { get; } = inputSize;

    /// <summary>Keys per step that the network looks up in its embedding (K); the first inputs, K x E of them, are made of them.</summary>
    public int KeysPerStep { get; } = keysPerStep;

    /// <summary>Targets per output step (K).</summary>
    public int TargetSize { get; } = targetSize;

    /// <summary>Sequences (B).</summary>
    public int Rows { get; private set; }

    /// <summary>Steps of the longest sequence (T).</summary>
    public int Steps { get; private set; }

    /// <summary>Steps per row, delimiter and answer steps included: [B], never increasing, each at least 1.</summary>
    public int[] Lengths { get; private set; } = [];

    /// <summary>First output step per row: [B]. A row answers at steps <c>OutputStarts[r]</c> .. <c>Lengths[r] - 1</c>.</summary>
    public int[] OutputStarts { get; private set; } = [];

    private float[] _stepWeights = [];
    private bool _weighsSteps;

    /// <summary>What each row counts in the loss: [B], 1 unless the data has example weights per row.</summary>
    public float[] Weights { get; private set; } = [];

    /// <summary>Inputs: [T, B, D]; those that an embedding makes are 0.</summary>
    public float[] Inputs { get; private set; } = [];

    /// <summary>Keys to look up: [T, B, KeysPerStep], rows of the embedding counted from 1; 0 is missing.</summary>
    public int[] Keys { get; private set; } = [];

    /// <summary>
    /// Targets: [T, B, K], NaN where nothing is scored. Cross-entropy: zero-based class per softmax group; else the wanted score per
    /// output. All NaN when scoring without labels.
    /// </summary>
    public float[] Targets { get; private set; } = [];

    /// <summary>What dropout is drawn from; every batch of a training has another.</summary>
    public ulong DropoutSeed { get; set; }

    /// <summary>Which row of the data each row is, in the order the data came: [B].</summary>
    public long[] RowIds { get; private set; } = [];

    /// <summary>
    /// Makes room for <paramref name="rows"/> sequences of up to <paramref name="steps"/> steps; inputs are 0, targets NaN, weights 1.
    /// </summary>
    public void Reset(int rows, int steps)
    {
        Rows = rows;
        Steps = steps;
        if (Lengths.Length < rows)
        {
            Lengths = new int[rows];
            OutputStarts = new int[rows];
            Weights = new float[rows];
            RowIds = new long[rows];
        }
        if (Inputs.Length < checked(steps * rows * InputSize))
            Inputs = new float[steps * rows * InputSize];
        if (Keys.Length < checked(steps * rows * KeysPerStep))
            Keys = new int[steps * rows * KeysPerStep];
        if (Targets.Length < checked(steps * rows * TargetSize))
            Targets = new float[steps * rows * TargetSize];
        Weights.AsSpan(0, rows).Fill(1f);
        _weighsSteps = false;
        Inputs.AsSpan(0, steps * rows * InputSize).Clear();
        Keys.AsSpan(0, steps * rows * KeysPerStep).Clear();
        Targets.AsSpan(0, steps * rows * TargetSize).Fill(float.NaN);
    }

    /// <summary>Inputs of one step of one row: [D].</summary>
    public Span<float> Input(int step, int row) => Inputs.AsSpan((step * Rows + row) * InputSize, InputSize);

    /// <summary>Keys of one step of one row: [KeysPerStep].</summary>
    public Span<int> Key(int step, int row) => Keys.AsSpan((step * Rows + row) * KeysPerStep, KeysPerStep);

    /// <summary>Targets of one step of one row: [K].</summary>
    public Span<float> Target(int step, int row) => Targets.AsSpan((step * Rows + row) * TargetSize, TargetSize);

    /// <summary>What one step of one row counts in the loss.</summary>
    public float Weight(int step, int row) => _weighsSteps ? Weights[row] * _stepWeights[step * Rows + row] : Weights[row];

    /// <summary>Makes one step of one row count so much; steps that are never told count 1.</summary>
    public void Weigh(int step, int row, float weight)
    {
        if (!_weighsSteps)
        {
            if (_stepWeights.Length < Steps * Rows)
                _stepWeights = new float[Steps * Rows];
            _stepWeights.AsSpan(0, Steps * Rows).Fill(1f);
            _weighsSteps = true;
        }
        _stepWeights[step * Rows + row] = weight;
    }
}
