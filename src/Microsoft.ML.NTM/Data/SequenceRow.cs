namespace Microsoft.ML.NTM.Data;

/// <summary>One sequence as it was read: pooled, refilled row after row. Columns stand one after the other, each time-major.</summary>
internal sealed class SequenceRow
{
    private float[] _numbers = [];
    private int[] _keys = [];
    private float[] _targets = [];
    private float[] _stepWeights = [];
    private int _numberCount;
    private int _keyCount;
    private int _targetCount;
    private int _stepWeightCount;

    /// <summary>Steps of the features (T).</summary>
    public int InputSteps { get; set; }

    /// <summary>Whether the sequence had no steps; then it has one without input.</summary>
    public bool IsEmpty { get; set; }

    /// <summary>First step that answers.</summary>
    public int OutputStart { get; set; }

    /// <summary>Steps that answer (T').</summary>
    public int OutputSteps { get; set; }

    /// <summary>What the row counts in the loss, where its steps all count the same.</summary>
    public float Weight { get; set; } = 1f;

    /// <summary>Which row of the data it is.</summary>
    public long RowId { get; set; }

    /// <summary>All steps, delimiter and answers included.</summary>
    public int Length => OutputStart + OutputSteps;

    /// <summary>Values of the number columns: T x width each, one column after the other.</summary>
    public ReadOnlySpan<float> Numbers => _numbers.AsSpan(0, _numberCount);

    /// <summary>Values of the key columns: T x keys per step each, one column after the other; 0 is missing.</summary>
    public ReadOnlySpan<int> Keys => _keys.AsSpan(0, _keyCount);

    /// <summary>Targets: [T', K], NaN where nothing is scored; empty when read without a label.</summary>
    public ReadOnlySpan<float> Targets => _targets.AsSpan(0, _targetCount);

    /// <summary>Whether it was read with a label all of which is missing.</summary>
    public bool HasNothingToScore => _targetCount > 0 && !Targets.ContainsAnyInRange(float.NegativeInfinity, float.PositiveInfinity);

    /// <summary>What each output step counts in the loss: [T'], or empty where all count the same.</summary>
    public ReadOnlySpan<float> StepWeights => _stepWeights.AsSpan(0, _stepWeightCount);

    /// <summary>How many values the row holds, for whoever keeps many.</summary>
    public int ValueCount => _numberCount + _keyCount + _targetCount;

    /// <summary>How many values the row has room for.</summary>
    public long Capacity => (long)_numbers.Length + _keys.Length + _targets.Length + _stepWeights.Length;

    public void Clear()
    {
        _numberCount = _keyCount = _targetCount = _stepWeightCount = 0;
        Weight = 1f;
    }

    public void AddNumbers(ReadOnlySpan<float> values) => Add(ref _numbers, ref _numberCount, values);

    public void AddKeys(ReadOnlySpan<int> values) => Add(ref _keys, ref _keyCount, values);

    public void AddTargets(ReadOnlySpan<float> values) => Add(ref _targets, ref _targetCount, values);

    public void AddStepWeights(ReadOnlySpan<float> values) => Add(ref _stepWeights, ref _stepWeightCount, values);

    private static void Add<T>(ref T[] array, ref int count, ReadOnlySpan<T> values)
    {
        if (array.Length < count + values.Length)
            Array.Resize(ref array, Math.Max(count + values.Length, 2 * array.Length));
        values.CopyTo(array.AsSpan(count));
        count += values.Length;
    }
}
