using Microsoft.ML.Data;

namespace Microsoft.ML.NTM;

/// <summary>Everything for sequences, as <c>mlContext.Sequence</c>.</summary>
public sealed partial class SequenceCatalog : TrainCatalogBase
{
    private readonly MLContext _context;

    /// <summary>The catalog of <paramref name="mlContext"/>; the same as <c>mlContext.Sequence</c>.</summary>
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

        /// <summary>A Neural Turing Machine with the defaults of <see cref="NtmTrainer.Options"/>.</summary>
        /// <param name="labelColumnName">The label: one answer per step (a vector) or per sequence (a scalar).</param>
        /// <param name="featureColumnName">The sequence: T x D numbers, row-major, or T keys.</param>
        /// <param name="inputSize">Numbers per step (D); null: from the column's type, else 1.</param>
        /// <param name="alignment">Which steps answer a vector label.</param>
        /// <exception cref="ArgumentException">An argument is not valid.</exception>
        public NtmTrainer Ntm(
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            int? inputSize = null,
            SequenceAlignment alignment = SequenceAlignment.EveryStep) => Ntm(new NtmTrainer.Options
            {
                LabelColumnName = labelColumnName,
                FeatureColumnName = featureColumnName,
                InputSize = inputSize,
                Alignment = alignment,
            });

        /// <summary>A Neural Turing Machine, told everything.</summary>
        /// <exception cref="ArgumentException">Options are not valid; the message names every fault.</exception>
        public NtmTrainer Ntm(NtmTrainer.Options options) => new(CatalogUtils.GetEnvironment(this), options);

        /// <summary>A stacked LSTM without a memory, with the defaults of <see cref="LstmTrainer.Options"/>: the papers' baseline.</summary>
        /// <inheritdoc cref="Ntm(string, string, int?, SequenceAlignment)"/>
        public LstmTrainer Lstm(
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            int? inputSize = null,
            SequenceAlignment alignment = SequenceAlignment.EveryStep) => Lstm(new LstmTrainer.Options
            {
                LabelColumnName = labelColumnName,
                FeatureColumnName = featureColumnName,
                InputSize = inputSize,
                Alignment = alignment,
            });

        /// <summary>A stacked LSTM, told everything.</summary>
        /// <exception cref="ArgumentException">Options are not valid; the message names every fault.</exception>
        public LstmTrainer Lstm(LstmTrainer.Options options) => new(CatalogUtils.GetEnvironment(this), options);

        /// <summary>A Differentiable Neural Computer with the defaults of <see cref="DncTrainer.Options"/>.</summary>
        /// <inheritdoc cref="Ntm(string, string, int?, SequenceAlignment)"/>
        public DncTrainer Dnc(
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            int? inputSize = null,
            SequenceAlignment alignment = SequenceAlignment.EveryStep) => Dnc(new DncTrainer.Options
            {
                LabelColumnName = labelColumnName,
                FeatureColumnName = featureColumnName,
                InputSize = inputSize,
                Alignment = alignment,
            });

        /// <summary>A Differentiable Neural Computer, told everything.</summary>
        /// <exception cref="ArgumentException">Options are not valid; the message names every fault.</exception>
        public DncTrainer Dnc(DncTrainer.Options options) => new(CatalogUtils.GetEnvironment(this), options);
    }
}
