using System.Text.Json.Serialization;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Training;
using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.NTM;

/// <summary>
/// What every sequence trainer can be told: columns, how a label is read, and how training goes. Members with a search attribute can be
/// swept by AutoML as they are; the others keep their values in a sweep.
/// </summary>
public abstract partial class SequenceTrainerOptions
{
    /// <summary>The label column: a vector of Single, Boolean or keys (one answer per step), or a scalar (one answer per sequence). NaN and missing keys are not scored.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The feature column: T x D numbers, row-major, or T keys.</summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>
    /// Several feature columns, side by side in each step, instead of <see cref="FeatureColumnName"/>: each of numbers or of keys, with its
    /// own width, all with the same number of steps. Null: the one column.
    /// </summary>
    public string[]? FeatureColumnNames { get; set; }

    /// <summary>The column (Single, at least 0) that says how much a row counts in the loss; null: all the same.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// Inputs per step (D), of all feature columns together; a key column has one per key, or its embedding. Null: the last dimension of the feature column's type
    /// where it has two, else 1.
    /// </summary>
    public int? InputSize { get; set; }

    /// <summary>
    /// Numbers that each key of the feature columns becomes (E): a row of a table that is learned along; all key columns share the table, each
    /// with rows of its own. 0: one input per key, one-hot. The missing key is all zeros either way.
    /// </summary>
    public int EmbeddingSize { get; set; }

    /// <summary>Outputs per step (O). Null: the last dimension of the label column's type where it has two, else found from the first row.</summary>
    public int? OutputSize { get; set; }

    /// <summary>Which steps answer a vector label.</summary>
    public SequenceAlignment Alignment { get; set; } = SequenceAlignment.EveryStep;

    /// <summary>Answer steps when scoring with <see cref="SequenceAlignment.AfterInput"/>. Null: as many as the input has.</summary>
    public int? OutputLength { get; set; }

    /// <summary>The column (integer or Single) that gives each row's answer steps when scoring with <see cref="SequenceAlignment.AfterInput"/>.</summary>
    public string? OutputLengthColumnName { get; set; }

    /// <summary>The loss; <see cref="SequenceLoss.Auto"/> follows the label's type.</summary>
    public SequenceLoss Loss { get; set; } = SequenceLoss.Auto;

    /// <summary>Sequences per parameter update.</summary>
    [Range(1, 129, TrainingDefaults.BatchSize, true)]
    public int BatchSize { get; set; } = TrainingDefaults.BatchSize;

    /// <summary>Parameter updates.</summary>
    public int NumberOfIterations { get; set; } = TrainingDefaults.NumberOfIterations;

    /// <summary>Step size of the optimizer.</summary>
    [Range(1e-5, 1e-1, TrainingDefaults.LearningRate, true)]
    public double LearningRate { get; set; } = TrainingDefaults.LearningRate;

    /// <summary>How the learning rate changes from the first to the last iteration.</summary>
    [Choice(new object[] { LearningRateDecay.None, LearningRateDecay.Cosine }, TrainingDefaults.Decay)]
    public LearningRateDecay LearningRateDecay { get; set; } = TrainingDefaults.Decay;

    /// <summary>How gradients become steps.</summary>
    [Choice(new object[] { OptimizerKind.RmsProp, OptimizerKind.Adam, OptimizerKind.AdamW, OptimizerKind.Sgd }, TrainingDefaults.Optimizer)]
    public OptimizerKind Optimizer { get; set; } = TrainingDefaults.Optimizer;

    /// <summary>Gradients are clipped to [-value, value] element by element (arXiv:1410.5401, section 4.6). Null: not.</summary>
    public double? GradientClipValue { get; set; } = TrainingDefaults.GradientClipValue;

    /// <summary>The whole gradient is scaled down to this Euclidean length where it is longer. Null: not.</summary>
    public double? GradientClipNorm { get; set; }

    /// <summary>Time after which training stops with what it has. Null: none.</summary>
    public TimeSpan? TimeBudget { get; set; }

    /// <summary>With validation data: iterations from one look at it to the next.</summary>
    public int ValidationInterval { get; set; } = TrainingDefaults.ValidationInterval;

    /// <summary>With validation data: looks without improvement after which training stops. Null: it goes on. The best weights are kept either way.</summary>
    public int? EarlyStoppingPatience { get; set; }

    /// <summary>A folder where training saves itself and, if it finds itself there, goes on. Null: nowhere.</summary>
    public string? CheckpointFolder { get; set; }

    /// <summary>Iterations from one checkpoint to the next.</summary>
    public int CheckpointInterval { get; set; } = TrainingDefaults.CheckpointInterval;

    /// <summary>Iterations from one progress report to the next.</summary>
    public int ReportInterval { get; set; } = TrainingDefaults.ReportInterval;

    /// <summary>What runs the network.</summary>
    public SequenceBackend Backend { get; set; } = SequenceBackend.Auto;

    /// <summary>Threads of the managed engine. Null: one per core. The result does not depend on it.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>Seed of initialisation and shuffling. Null: drawn from the MLContext's.</summary>
    public int? Seed { get; set; }

    /// <summary>Told about training as it goes; called on the training thread.</summary>
    [JsonIgnore]
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Stops training and keeps the model so far.</summary>
    [JsonIgnore]
    public CancellationToken StoppingToken { get; set; }

    internal abstract NetworkSpec ToNetwork(int inputSize, int outputSize);

    internal SequenceColumns ToColumns() => new()
    {
        FeatureColumnNames = FeatureColumnNames ?? [FeatureColumnName],
        LabelColumnName = LabelColumnName,
        ExampleWeightColumnName = ExampleWeightColumnName,
        InputSize = InputSize,
        EmbeddingSize = EmbeddingSize,
        OutputSize = OutputSize,
        Alignment = Alignment,
        Loss = Loss,
        OutputLength = OutputLength,
        OutputLengthColumnName = OutputLengthColumnName,
    };

    internal TrainingSettings ToTraining(string fingerprint) => new()
    {
        NumberOfIterations = NumberOfIterations,
        LearningRate = LearningRate,
        Schedule = LearningRateDecay == LearningRateDecay.Cosine ? LearningRateSchedule.Cosine(NumberOfIterations) : LearningRateSchedule.Constant,
        Optimizer = new OptimizerSettings { Kind = Optimizer },
        Clip = new GradientClip((float?)GradientClipValue, (float?)GradientClipNorm),
        ReportInterval = ReportInterval,
        TimeBudget = TimeBudget,
        Validation = new ValidationSettings { Interval = ValidationInterval, Patience = EarlyStoppingPatience },
        Checkpoints = CheckpointFolder is null ? null : new CheckpointSettings
        {
            Folder = CheckpointFolder,
            Interval = CheckpointInterval,
            Fingerprint = fingerprint,
        },
    };
}
