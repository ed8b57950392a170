namespace Microsoft.ML.NTM;

/// <summary>The options' defaults, in one place: initialisers and search attributes both need them as constants.</summary>
internal static class TrainingDefaults
{
    public const int BatchSize = 16;
    public const int NumberOfIterations = 5_000;
    public const double LearningRate = 3e-4;
    public const LearningRateDecay Decay = LearningRateDecay.Plateau;
    public const OptimizerKind Optimizer = OptimizerKind.RmsProp;
    public const double Momentum = 0.9, RmsPropDecay = 0.95, AdamBeta1 = 0.9, AdamBeta2 = 0.999;
    public const double AdamWDecay = 0.01;
    public const double GradientClipValue = 10;

    /// <summary>Of networks with a memory, measured on the paper's tasks: docs/defaults.md.</summary>
    public const double MemoryLearningRate = 4e-4, MemoryGradientClipNorm = 10;

    /// <summary>Of a DNC, whose gradients are smaller than an NTM's, beside the root of RMSProp that is not centred.</summary>
    public const double DncEpsilon = 1e-4;

    public const double ValidationSetFraction = 0.1;
    public const int ValidationInterval = 500;
    public const int EarlyStoppingPatience = 10;
    public const int CheckpointInterval = 1_000;
    public const int ReportInterval = 100;
    public const int ControllerSize = 100;

    /// <summary>Of an LSTM without a memory; networks with one have none. Measured: docs/defaults.md.</summary>
    public const double LstmDropoutRate = 0.3;

    public const float ControllerClip = 20;

    /// <summary>Memory of the paper's copy task (arXiv:1410.5401, table 1).</summary>
    public const int MemorySlots = 128, MemoryWidth = 20;
}
