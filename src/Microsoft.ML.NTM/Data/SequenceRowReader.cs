using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data;

/// <summary>
/// Reads the current row of a cursor (or of a row mapper's input) into a <see cref="SequenceRow"/> and checks it. Nothing is allocated once
/// the buffers have grown. Used by one thread; every cursor has its own.
/// </summary>
internal sealed class SequenceRowReader
{
    /// <summary>Numbers in the inputs or in the outputs of a sequence, and of a batch of several, at most: 1 GiB.</summary>
    public const int MaxValues = 1 << 28;

    private readonly SequenceFormat _format;
    private readonly FeatureReader[] _features;
    private readonly LabelReader? _label;
    private readonly OutputLengthReader? _outputLength;
    private readonly ColumnValues<float>? _weight;
    private readonly bool _weighsSteps;
    private readonly long _stepSize;
    private readonly Action<SequenceRow>? _check;

    /// <param name="row">What the row stands on.</param>
    /// <param name="format">Its form.</param>
    /// <param name="use">Whether the label is read.</param>
    /// <param name="check">Throws where a row cannot serve for another reason; null: there is none.</param>
    public SequenceRowReader(DataViewRow row, SequenceFormat format, ColumnUse use, Action<SequenceRow>? check = null)
    {
        _check = check;
        SequenceSchema.Check(format, row.Schema, use);
        _format = format;
        _features = [.. format.Features.Select(feature => FeatureReader.Create(row, feature))];
        _stepSize = Math.Max(format.InputSize, format.OutputSize);
        if (use == ColumnUse.Training)
        {
            _label = LabelReader.Create(row, format.Label, format.Spec.Loss);
            if (format.ExampleWeightColumnName is string weight)
                (_weight, _weighsSteps) = (new ColumnValues<float>(row, row.Schema[weight]), row.Schema[weight].Type is VectorDataViewType);
        }
        else if (format.Spec.OutputLengthColumnName is string length)
        {
            _outputLength = OutputLengthReader.Create(row, length);
        }
    }

    /// <summary>Reads the row; <paramref name="rowId"/> names it in errors and in batches.</summary>
    /// <returns>False where training passes the row over, because its sequence is empty.</returns>
    /// <exception cref="InvalidOperationException">
    /// The row cannot serve; the message names column and row, what was expected and what came.
    /// </exception>
    public bool Read(SequenceRow into, long rowId)
    {
        into.Clear();
        into.RowId = rowId;
        int steps = ReadFeatures(into, rowId);
        into.IsEmpty = steps == 0;
        into.InputSteps = Math.Max(steps, 1);
        if (into.IsEmpty && _label is not null)
            return _format.EmptySequences == EmptySequences.Skip ? false
                : throw SequenceErrors.Empty(_features[0].Format.ColumnName, rowId);
        into.OutputStart = _format.OutputStart(into.InputSteps);
        into.OutputSteps = _label is null ? ScoringOutputSteps(into, rowId) : ReadLabel(into, rowId);
        if (_weight is not null)
            ReadWeight(into, rowId);
        if (((long)into.OutputStart + into.OutputSteps) * _stepSize > MaxValues)
        {
            throw SequenceErrors.Row(_features[0].Format.ColumnName, rowId, $"at most {MaxValues / _stepSize} steps in all",
                $"{into.InputSteps} input and {into.OutputSteps} output steps");
        }
        _check?.Invoke(into);
        return true;
    }

    private int ReadFeatures(SequenceRow into, long rowId)
    {
        int steps = _features[0].Read(into, rowId);
        foreach (FeatureReader feature in _features.AsSpan(1))
        {
            int others = feature.Read(into, rowId);
            if (others != steps)
            {
                throw SequenceErrors.Row(feature.Format.ColumnName, rowId, $"{steps} steps, as in '{_features[0].Format.ColumnName}'",
                    $"{others} steps");
            }
        }
        return steps;
    }

    private int ReadLabel(SequenceRow into, long rowId)
    {
        ReadOnlySpan<float> targets = _label!.Read(rowId);
        into.AddTargets(targets);
        int perStep = _format.TargetSize;
        if (!_label.Format.IsVector)
            return 1;
        if (_format.Spec.Alignment == SequenceAlignment.EveryStep)
        {
            if (targets.Length != (long)into.InputSteps * perStep)
            {
                throw SequenceErrors.Row(_label.Format.ColumnName, rowId,
                    $"{(long)into.InputSteps * perStep} values ({into.InputSteps} steps of '{_features[0].Format.ColumnName}' times "
                        + $"{perStep})",
                    $"{targets.Length} values");
            }
            return into.InputSteps;
        }
        if (targets.Length == 0 || targets.Length % perStep != 0)
        {
            throw SequenceErrors.Row(_label.Format.ColumnName, rowId, $"at least one step of {perStep} values, and whole steps",
                $"{targets.Length} values");
        }
        return targets.Length / perStep;
    }

    private int ScoringOutputSteps(SequenceRow row, long rowId)
    {
        if (_format.Spec.OneLabelPerSequence)
            return 1;
        if (_format.Spec.Alignment == SequenceAlignment.EveryStep)
            return row.InputSteps;
        return _outputLength?.Read(rowId) ?? _format.Spec.OutputLength ?? row.InputSteps;
    }

    private void ReadWeight(SequenceRow into, long rowId)
    {
        ReadOnlySpan<float> weights = _weight!.Read();
        if (_weighsSteps && weights.Length != into.OutputSteps)
        {
            throw SequenceErrors.Row(_format.ExampleWeightColumnName!, rowId, $"{into.OutputSteps} weights (one per output step)",
                $"{weights.Length} weights");
        }
        foreach (float weight in weights)
        {
            if (!(weight >= 0f) || !float.IsFinite(weight))
            {
                throw SequenceErrors.Row(_format.ExampleWeightColumnName!, rowId, "a finite weight of at least 0",
                    FormattableString.Invariant($"{weight}"));
            }
        }
        if (_weighsSteps)
            into.AddStepWeights(weights);
        else
            into.Weight = weights[0];
    }
}
