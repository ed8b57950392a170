using Microsoft.ML.Runtime;

namespace Microsoft.ML.NTM;

/// <summary>
/// Trains a Differentiable Neural Computer (Graves et al. 2016, Nature 538:471): a controller with a memory that is allocated and freed,
/// and that remembers in which order it was written.
/// </summary>
/// <remarks>
/// <para>Made by <see cref="SequenceCatalog.SequenceTrainers.Dnc(string, string, string, int, int, int, double, int)"/>. Columns and task
/// are those of <see cref="NtmTrainer"/>.</para>
/// </remarks>
public sealed class DncTrainer : SequenceTrainerBase<DncTrainer.Options>
{
    internal DncTrainer(IHostEnvironment environment, Options options)
        : base(environment, nameof(DncTrainer), options)
    {
    }

    /// <summary>Everything a DNC's training can be told.</summary>
    public sealed class Options : MemoryTrainerOptions
    {
        /// <summary>
        /// Whether keys are compared with the memory through learned masks (arXiv:1904.10278, section 3.1). Default false, as in the paper
        /// of the DNC. Try it where things are looked up by a part of them.
        /// </summary>
        public bool MaskedContent { get; set; }

        /// <summary>
        /// Whether what the free gates release is erased as well (arXiv:1904.10278, section 3.2). Default false. Try it where slots are
        /// used again and again.
        /// </summary>
        public bool Deallocation { get; set; }

        /// <summary>
        /// Whether the temporal links are sharpened (arXiv:1904.10278, section 3.3). Default false. Try it where long chains are to be read
        /// in the order in which they were written.
        /// </summary>
        public bool LinkSharpening { get; set; }

        private protected override double? UncenteredEpsilon => TrainingDefaults.DncEpsilon;

        internal override NetworkSpec ToNetwork(int inputSize, int outputSize) => new()
        {
            Kind = NetworkKind.Dnc,
            InputSize = inputSize,
            OutputSize = outputSize,
            Controller = Controller,
            ControllerSize = ControllerSize,
            ControllerLayers = ControllerLayers,
            ControllerClip = ControllerClip,
            MemorySlots = MemorySlots,
            MemoryWidth = MemoryWidth,
            NumberOfReadHeads = NumberOfReadHeads,
            MaskedContent = MaskedContent,
            Deallocation = Deallocation,
            LinkSharpening = LinkSharpening,
        };
    }
}
