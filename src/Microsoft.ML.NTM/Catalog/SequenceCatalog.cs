using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM;

/// <summary>Everything for sequences, as <c>mlContext.Sequence</c>.</summary>
public sealed partial class SequenceCatalog : TrainCatalogBase
{
    internal const string NotTrimmable =
        "ML.NET finds components and reads columns by reflection and code made at run time: a program with sequence models cannot be "
            + "trimmed or compiled ahead of time.";

    private readonly MLContext _context;

    /// <summary>The catalog of <paramref name="mlContext"/>; the same as <c>mlContext.Sequence</c>.</summary>
    [RequiresUnreferencedCode(NotTrimmable)]
    [RequiresDynamicCode(NotTrimmable)]
    public SequenceCatalog(MLContext mlContext)
        : base(mlContext, nameof(SequenceCatalog))
    {
        _context = mlContext;
        Trainers = new SequenceTrainers(this);
    }

    /// <summary>Trainers of networks with a memory, and their baseline.</summary>
    public SequenceTrainers Trainers { get; }

    /// <summary>The trainers behind <see cref="Trainers"/>.</summary>
    public sealed class SequenceTrainers : CatalogInstantiatorBase
    {
        internal SequenceTrainers(SequenceCatalog catalog)
            : base(catalog)
        {
        }

        /// <summary>A Neural Turing Machine.</summary>
        /// <param name="labelColumnName">The label: one answer per step (a vector) or per sequence (a scalar).</param>
        /// <param name="featureColumnName">The sequence: T x D numbers, row-major, or T keys.</param>
        /// <param name="exampleWeightColumnName">What a row counts in the loss (Single, at least 0); null: all the same.</param>
        /// <param name="controllerSize">Units of the controller (H).</param>
        /// <param name="memorySlots">Memory slots (N).</param>
        /// <param name="memoryWidth">Numbers per memory slot (M).</param>
        /// <param name="learningRate">Step size of the optimizer.</param>
        /// <param name="numberOfIterations">Parameter updates.</param>
        /// <exception cref="ArgumentException">An argument is not valid; the message names every fault.</exception>
        /// <example>
        /// <code>
        /// NtmTrainer trainer = ml.Sequence.Trainers.Ntm(controllerSize: 16, memorySlots: 8, memoryWidth: 6, numberOfIterations: 100);
        /// SequenceTransformer model = trainer.Fit(train);
        /// </code>
        /// </example>
        public NtmTrainer Ntm(
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            string? exampleWeightColumnName = null,
            int controllerSize = TrainingDefaults.ControllerSize,
            int memorySlots = TrainingDefaults.MemorySlots,
            int memoryWidth = TrainingDefaults.MemoryWidth,
            double learningRate = TrainingDefaults.MemoryLearningRate,
            int numberOfIterations = TrainingDefaults.NumberOfIterations) => Ntm(Common(
                new NtmTrainer.Options { ControllerSize = controllerSize, MemorySlots = memorySlots, MemoryWidth = memoryWidth },
                labelColumnName, featureColumnName, exampleWeightColumnName, learningRate, numberOfIterations));

        /// <summary>A Neural Turing Machine, told everything.</summary>
        /// <exception cref="ArgumentException">Options are not valid; the message names every fault.</exception>
        /// <example>
        /// <code>
        /// SequenceTransformer model = ml.Sequence.Trainers.Ntm(new NtmTrainer.Options
        /// {
        ///     MemorySlots = 16,
        ///     BatchSize = 4,
        ///     NumberOfIterations = 100,
        ///     Progress = new ConsoleProgress(),
        /// }).Fit(train);
        /// </code>
        /// </example>
        public NtmTrainer Ntm(NtmTrainer.Options options) => new(CatalogUtils.GetEnvironment(this), options);

        /// <summary>A Differentiable Neural Computer.</summary>
        /// <inheritdoc cref="Ntm(string, string, string, int, int, int, double, int)"/>
        /// <example>
        /// <code>
        /// DncTrainer trainer = ml.Sequence.Trainers.Dnc(controllerSize: 16, memorySlots: 8, memoryWidth: 6, numberOfIterations: 100);
        /// SequenceTransformer model = trainer.Fit(train);
        /// </code>
        /// </example>
        public DncTrainer Dnc(
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            string? exampleWeightColumnName = null,
            int controllerSize = TrainingDefaults.ControllerSize,
            int memorySlots = TrainingDefaults.MemorySlots,
            int memoryWidth = TrainingDefaults.MemoryWidth,
            double learningRate = TrainingDefaults.MemoryLearningRate,
            int numberOfIterations = TrainingDefaults.NumberOfIterations) => Dnc(Common(
                new DncTrainer.Options { ControllerSize = controllerSize, MemorySlots = memorySlots, MemoryWidth = memoryWidth },
                labelColumnName, featureColumnName, exampleWeightColumnName, learningRate, numberOfIterations));

        /// <summary>A Differentiable Neural Computer, told everything.</summary>
        /// <exception cref="ArgumentException">Options are not valid; the message names every fault.</exception>
        /// <example>
        /// <code>
        /// SequenceTransformer model = ml.Sequence.Trainers.Dnc(new DncTrainer.Options
        /// {
        ///     MemorySlots = 16,
        ///     NumberOfReadHeads = 2,
        ///     NumberOfIterations = 100,
        ///     Progress = new ConsoleProgress(),
        /// }).Fit(train);
        /// </code>
        /// </example>
        public DncTrainer Dnc(DncTrainer.Options options) => new(CatalogUtils.GetEnvironment(this), options);

        /// <summary>A stacked LSTM without a memory: the papers' baseline.</summary>
        /// <param name="labelColumnName">The label: one answer per step (a vector) or per sequence (a scalar).</param>
        /// <param name="featureColumnName">The sequence: T x D numbers, row-major, or T keys.</param>
        /// <param name="exampleWeightColumnName">What a row counts in the loss (Single, at least 0); null: all the same.</param>
        /// <param name="controllerSize">Units per layer (H).</param>
        /// <param name="controllerLayers">LSTM layers (L).</param>
        /// <param name="learningRate">Step size of the optimizer.</param>
        /// <param name="numberOfIterations">Parameter updates.</param>
        /// <exception cref="ArgumentException">An argument is not valid; the message names every fault.</exception>
        /// <example>
        /// <code>
        /// LstmTrainer trainer = ml.Sequence.Trainers.Lstm(controllerSize: 32, learningRate: 2e-3, numberOfIterations: 100);
        /// SequenceTransformer model = trainer.Fit(train);
        /// </code>
        /// </example>
        public LstmTrainer Lstm(
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            string? exampleWeightColumnName = null,
            int controllerSize = TrainingDefaults.ControllerSize,
            int controllerLayers = 1,
            double learningRate = TrainingDefaults.LearningRate,
            int numberOfIterations = TrainingDefaults.NumberOfIterations) => Lstm(Common(
                new LstmTrainer.Options { ControllerSize = controllerSize, ControllerLayers = controllerLayers },
                labelColumnName, featureColumnName, exampleWeightColumnName, learningRate, numberOfIterations));

        /// <summary>A stacked LSTM, told everything.</summary>
        /// <exception cref="ArgumentException">Options are not valid; the message names every fault.</exception>
        /// <example>
        /// <code>
        /// SequenceTransformer model = ml.Sequence.Trainers.Lstm(new LstmTrainer.Options
        /// {
        ///     ControllerSize = 32,
        ///     ControllerLayers = 2,
        ///     DropoutRate = 0.2,
        ///     NumberOfIterations = 100,
        ///     Progress = new ConsoleProgress(),
        /// }).Fit(train);
        /// </code>
        /// </example>
        public LstmTrainer Lstm(LstmTrainer.Options options) => new(CatalogUtils.GetEnvironment(this), options);

        // What the simple calls of all trainers have in common.
        private static TOptions Common<TOptions>(
            TOptions options, string label, string features, string? exampleWeight, double learningRate, int numberOfIterations)
            where TOptions : SequenceTrainerOptions
        {
            options.LabelColumnName = label;
            options.FeatureColumnName = features;
            options.ExampleWeightColumnName = exampleWeight;
            options.LearningRate = learningRate;
            options.NumberOfIterations = numberOfIterations;
            return options;
        }
    }
}
