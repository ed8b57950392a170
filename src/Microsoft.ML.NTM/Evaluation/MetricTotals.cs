namespace Microsoft.ML.NTM.Evaluation;

/// <summary>Sums from which metrics are computed, all in double precision, in the order the sequences came.</summary>
internal sealed class MetricTotals
{
    private double _targetMean;
    private double _weight = 1;

    /// <summary>Sequences with a scored element.</summary>
    public long Sequences { get; private set; }

    /// <summary>Steps with a scored element.</summary>
    public long Steps { get; private set; }

    /// <summary>Scored elements.</summary>
    public long Elements { get; private set; }

    /// <summary>Wrong elements.</summary>
    public long Errors { get; private set; }

    /// <summary>Sequences in which nothing is scored.</summary>
    public long UnscoredSequences { get; private set; }

    /// <summary>Elements that are not scored, those of <see cref="UnscoredSequences"/> included.</summary>
    public long UnscoredElements { get; private set; }

    /// <summary>Weights of <see cref="Sequences"/>.</summary>
    public double SequenceWeight { get; private set; }

    /// <summary>Weights of <see cref="Steps"/>: each has its sequence's.</summary>
    public double StepWeight { get; private set; }

    /// <summary>Weights of <see cref="Elements"/>.</summary>
    public double ElementWeight { get; private set; }

    /// <summary>Weights of <see cref="Errors"/>.</summary>
    public double ErrorWeight { get; private set; }

    /// <summary>Weights of steps with a wrong element.</summary>
    public double WrongStepWeight { get; private set; }

    /// <summary>Weights of sequences with a wrong element.</summary>
    public double WrongSequenceWeight { get; private set; }

    /// <summary>Losses of all elements, times their weights.</summary>
    public double Loss { get; private set; }

    /// <summary>|score - target| of all elements, times their weights.</summary>
    public double AbsoluteError { get; private set; }

    /// <summary>
    /// The targets' squared distances from their mean so far, times their weights (West's recurrence: no cancellation at large means).
    /// </summary>
    public double TargetSquares { get; private set; }

    /// <summary>What each element of the sequence to come counts.</summary>
    public void BeginSequence(double weight) => _weight = weight;

    public void AddElement(double loss, bool wrong)
    {
        Elements++;
        ElementWeight += _weight;
        Loss += _weight * loss;
        if (!wrong)
            return;
        Errors++;
        ErrorWeight += _weight;
    }

    public void AddNumber(double score, double target)
    {
        double error = score - target;
        AddElement(error * error, wrong: false);
        if (_weight == 0)
            return;
        AbsoluteError += _weight * Math.Abs(error);
        double fromOldMean = target - _targetMean;
        _targetMean += fromOldMean * _weight / ElementWeight;
        TargetSquares += _weight * fromOldMean * (target - _targetMean);
    }

    public void AddUnscored() => UnscoredElements++;

    /// <summary>Ends a step that has scored elements.</summary>
    public void EndStep(bool wrong)
    {
        Steps++;
        StepWeight += _weight;
        if (wrong)
            WrongStepWeight += _weight;
    }

    /// <summary>Ends a sequence that has scored elements.</summary>
    public void EndSequence(bool wrong)
    {
        Sequences++;
        SequenceWeight += _weight;
        if (wrong)
            WrongSequenceWeight += _weight;
    }

    /// <summary>Ends a sequence that has none.</summary>
    public void EndUnscored() => UnscoredSequences++;
}
