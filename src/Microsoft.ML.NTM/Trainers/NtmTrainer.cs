using Microsoft.ML.Runtime;

namespace Microsoft.ML.NTM;

/// <summary>
/// Trains a Neural Turing Machine (Graves, Wayne and Danihelka 2014, arXiv:1410.5401): a controller that reads and writes a memory.
/// </summary>
/// <remarks>
/// <para>Made by <see cref="SequenceCatalog.SequenceTrainers.Ntm(string, string, string, int, int, int, double, int)"/>.</para>
/// <list type="table">
/// <item><term>Task</term><description>Sequence to sequence, or sequence to one answer: binary, multiclass or regression, by the label's
/// type</description></item>
/// <item><term>Is normalization required?</term><description>No: numbers are scaled, and scores come back in the label's own units (see
/// <see cref="SequenceTrainerOptions.FeatureScaling"/>)</description></item>
/// <item><term>Is caching required?</term><description>No</description></item>
/// <item><term>Required NuGet beside this package</term><description>None; a libtorch package for the Torch engine
/// only</description></item>
/// <item><term>Input columns</term><description>Features: vector of Single (T x D, row-major) or of keys. Label: vector or scalar of
/// Single, Boolean or key</description></item>
/// <item><term>Output columns</term><description>Score; PredictedLabel unless the loss is squared error; Probability for a scalar Boolean
/// label</description></item>
/// </list>
/// </remarks>
public sealed class NtmTrainer : SequenceTrainerBase<NtmTrainer.Options>
{
    internal NtmTrainer(IHostEnvironment environment, Options options)
        : base(environment, nameof(NtmTrainer), options)
    {
    }

    /// <summary>Everything an NTM's training can be told.</summary>
    public sealed class Options : MemoryTrainerOptions
    {
        /// <summary>
        /// Write heads (W), from 1. Default 1. More where a step holds several things to keep apart; each has to learn where to write.
        /// </summary>
        public int NumberOfWriteHeads { get; set; } = 1;

        /// <summary>
        /// Largest shift of a head per step (S), from 0, and 2 S + 1 at most the slots. Default 1: one slot back, stay, or one ahead. More
        /// lets heads jump and takes longer to learn; 0 leaves them to find slots by content alone.
        /// </summary>
        public int ShiftRange { get; set; } = 1;

        /// <summary>
        /// How write heads change the memory. Default: the paper's, erase and add. Interpolating does without erase
        /// vectors; all that was measured here erases and adds.
        /// </summary>
        public MemoryWriteRule WriteRule { get; set; } = MemoryWriteRule.EraseAdd;

        /// <summary>
        /// Whether keys pass through tanh before they are compared with the memory. Default false, as in the paper; true for networks from
        /// implementations that do so.
        /// </summary>
        public bool KeyTanh { get; set; }

        /// <summary>
        /// What the memory holds before the first step. Default: 1e-6 everywhere; a learned start is another way, and random numbers are
        /// there for networks from elsewhere.
        /// </summary>
        public InitialMemory InitialMemory { get; set; } = InitialMemory.Constant;

        /// <summary>
        /// Where the heads point before the first step. Default: learned. Nowhere is for networks from elsewhere that begin so.
        /// </summary>
        public InitialWeightings InitialWeightings { get; set; } = InitialWeightings.Learned;

        internal override NetworkSpec ToNetwork(int inputSize, int outputSize) => new()
        {
            Kind = NetworkKind.Ntm,
            InputSize = inputSize,
            OutputSize = outputSize,
            Controller = Controller,
            ControllerSize = ControllerSize,
            ControllerLayers = ControllerLayers,
            ControllerClip = ControllerClip,
            MemorySlots = MemorySlots,
            MemoryWidth = MemoryWidth,
            NumberOfReadHeads = NumberOfReadHeads,
            NumberOfWriteHeads = NumberOfWriteHeads,
            ShiftRange = ShiftRange,
            WriteRule = WriteRule,
            KeyTanh = KeyTanh,
            InitialMemory = InitialMemory,
            InitialWeightings = InitialWeightings,
        };
    }
}
