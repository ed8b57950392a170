namespace Microsoft.ML.NTM;

/// <summary>What became of a trial.</summary>
public enum SweepTrialStatus
{
    /// <summary>It is being trained.</summary>
    Running,

    /// <summary>Its worker was lost; another will take it up.</summary>
    Waiting,

    /// <summary>It was trained to its end and measured.</summary>
    Completed,

    /// <summary>It was stopped early because others were better at the same point.</summary>
    Pruned,

    /// <summary>It could not be trained: it diverged, or threw, or its workers were lost too often.</summary>
    Failed,
}
