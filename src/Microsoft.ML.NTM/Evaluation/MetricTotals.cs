namespace Microsoft.ML.NTM.Evaluation;

/// <summary>Sums from which metrics are computed, all in double precision, in the order the sequences came.</summary>
internal sealed class MetricTotals
{
    private double _targetMean;

    /// <summary>Sequences with a scored element.</summary>
    public long Sequences { get; private set; }

    /// <summary>Steps with a scored element.</summary>
    public long Steps { get; private set; }

    /// <summary>Scored elements.</summary>
    public long Elements { get; private set; }

    /// <summary>Losses of all elements.</summary>
    public double Loss { get; private set; }

    /// <summary>Wrong elements.</summary>
    public long Errors { get; private set; }

    /// <summary>Steps with a wrong element.</summary>
    public long WrongSteps { get; private set; }

    /// <summary>Sequences with a wrong element.</summary>
    public long WrongSequences { get; private set; }

    /// <summary>|score - target| of all elements.</summary>
    public double AbsoluteError { get; private set; }

    /// <summary>The targets' squared distances from their mean so far (Welford's recurrence: no cancellation at large means).</summary>
    public double TargetSquares { get; private set; }

    public void AddElement(double loss, bool wrong)
    {
        Elements++;
        Loss += loss;
        if (wrong)
            Errors++;
    }

    public void AddNumber(double score, double target)
    {
        double error = score - target;
        AddElement(error * error, wrong: false);
        AbsoluteError += Math.Abs(error);
        double fromOldMean = target - _targetMean;
        _targetMean += fromOldMean / Elements;
        TargetSquares += fromOldMean * (target - _targetMean);
    }

    /// <summary>Ends a step that has scored elements.</summary>
    public void EndStep(bool wrong)
    {
        Steps++;
        if (wrong)
            WrongSteps++;
    }

    /// <summary>Ends a sequence that has scored elements.</summary>
    public void EndSequence(bool wrong)
    {
        Sequences++;
        if (wrong)
            WrongSequences++;
    }
}
