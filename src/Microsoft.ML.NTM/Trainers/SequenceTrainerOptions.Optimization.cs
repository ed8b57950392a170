using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.NTM;

// How gradients become parameter updates.
public abstract partial class SequenceTrainerOptions
{
    /// <summary>
    /// Sequences per parameter update, at least 1. Default 16. Large ones are faster per sequence and steadier; small ones may learn more
    /// from each sequence. <see cref="LearningRate"/> goes with its root: half the rate for a quarter of the batch.
    /// </summary>
    [Range(8, 65, TrainingDefaults.BatchSize, true)]
    public int BatchSize { get; set; } = TrainingDefaults.BatchSize;

    /// <summary>
    /// Parameter updates, at least 1. Default 5,000. Enough that early stopping, and not the end, decides: <see
    /// cref="TrainingHistory.StopReason"/> says which it was, and where it was the end, double it.
    /// </summary>
    public int NumberOfIterations { get; set; } = TrainingDefaults.NumberOfIterations;

    /// <summary>
    /// Step size of the optimizer, above 0. Default 3e-4, with a memory 4e-4. The first thing to tune, from 1e-4 to 1e-2 in steps of three:
    /// too high shows as a loss that jumps, too low as one that creeps.
    /// </summary>
    [Range(1e-4, 3e-2, TrainingDefaults.LearningRate, true)]
    public virtual double LearningRate { get; set; } = TrainingDefaults.LearningRate;

    /// <summary>
    /// How the learning rate changes while training goes on. Default <see cref="LearningRateDecay.Plateau"/>: it is halved where a
    /// validation brings no improvement, and stays as it is without validation data. None where a network learns nothing for long before
    /// it learns at all. A cosine where there are too few sequences to validate on, once <see cref="NumberOfIterations"/> is settled.
    /// </summary>
    [Choice(new object[] { LearningRateDecay.Plateau, LearningRateDecay.None, LearningRateDecay.Cosine }, TrainingDefaults.Decay)]
    public LearningRateDecay LearningRateDecay { get; set; } = TrainingDefaults.Decay;

    /// <summary>
    /// Iterations over which the learning rate rises in a straight line to its full value, at least 0. 0, the default: it starts there. A
    /// few hundred help where the first updates throw a network off.
    /// </summary>
    public int WarmUpIterations { get; set; }

    /// <summary>
    /// How gradients become steps. Default: Graves' RMSProp, as in the papers; Adam with 1e-3 to 5e-3 is often the quicker one for an LSTM.
    /// </summary>
    [Choice(new object[] { OptimizerKind.RmsProp, OptimizerKind.Adam }, TrainingDefaults.Optimizer)]
    public OptimizerKind Optimizer { get; set; } = TrainingDefaults.Optimizer;

    /// <summary>
    /// Share of the last change that is repeated, in [0, 1): RMSProp and SGD. Default 0.9 (arXiv:1410.5401, section 4.6). A loss that
    /// swings asks for a lower learning rate first; then try 0.5.
    /// </summary>
    public double Momentum { get; set; } = TrainingDefaults.Momentum;

    /// <summary>
    /// How slowly RMSProp's averages move, in [0, 1). Default 0.95 (arXiv:1308.0850, equation 38). Nearer to 1 is steadier and slower to
    /// follow; seldom worth a change.
    /// </summary>
    public double RmsPropDecay { get; set; } = TrainingDefaults.RmsPropDecay;

    /// <summary>
    /// Whether RMSProp divides by the gradient's standard deviation, as Graves has it (arXiv:1308.0850, equations 38-45), instead of by its
    /// root mean square, as most libraries do. Default true, with a memory false, which is the calmer one late in a training: the centred
    /// form's steps can run away where a gradient keeps saying the same. Turn it off where a loss near 0 jumps back to where it began.
    /// </summary>
    public bool RmsPropCentered { get; set; } = true;

    /// <summary>
    /// How slowly Adam's mean of the gradients moves, in [0, 1). Default 0.9 (arXiv:1412.6980). Lower follows changes faster, with more
    /// noise; seldom worth a change.
    /// </summary>
    public double AdamBeta1 { get; set; } = TrainingDefaults.AdamBeta1;

    /// <summary>
    /// How slowly Adam's mean of the squared gradients moves, in [0, 0.99999]. Default 0.999. Lower it (0.99) where the loss stays high for
    /// long after it has jumped.
    /// </summary>
    public double AdamBeta2 { get; set; } = TrainingDefaults.AdamBeta2;

    /// <summary>
    /// Keeps the optimizer's divisor away from 0, from 1e-12 to 1. Null, the default: 1e-4 under centred RMSProp's root, 0.01 beside the
    /// other RMSProp's (1e-4 of a DNC; other libraries have 1e-8), 1e-8 beside Adam's. It says how small a gradient counts as noise:
    /// greater is slower at first and calmer at the end.
    /// </summary>
    public double? OptimizerEpsilon { get; set; }

    /// <summary>
    /// How much of a weight matrix each update takes away, as a share of the learning rate, from 0 to 1 (decoupled: arXiv:1711.05101);
    /// biases and initial states do not decay. Null, the default: 0.01 with AdamW, 0 with the others. 1e-4 changes next to nothing in 5,000
    /// updates; try dropout first, then 0.01 and more.
    /// </summary>
    public double? WeightDecay { get; set; }

    /// <summary>
    /// Gradients are clipped to [-value, value] element by element, above 0 (arXiv:1410.5401, section 4.6). Null: not. Default 10, which
    /// only stops outliers. Lower it (1) where single sequences throw a training off, or take <see cref="GradientClipNorm"/>, which keeps
    /// the direction.
    /// </summary>
    public double? GradientClipValue { get; set; } = TrainingDefaults.GradientClipValue;

    /// <summary>
    /// The whole gradient is scaled down to this Euclidean length, above 0, where it is longer. Null: not, the default of an LSTM; 10
    /// with a memory. 1 is a cure where training diverges.
    /// </summary>
    public double? GradientClipNorm { get; set; }

    /// <summary>
    /// The share of the controller's outputs that each sequence leaves out in training, from 0 to below 1; the same ones at all its steps
    /// (arXiv:1512.05287). Against networks that learn noise by heart: 0.1 to 0.5. Default 0.3 of an LSTM, by measurement, and 0 of
    /// networks with a memory. 0 where the data has no noise.
    /// </summary>
    public double DropoutRate { get; set; }

    /// <summary>
    /// Steps that a derivative goes back through at most, at least 1: longer sequences are trained on window by window, with the state
    /// carried on, in memory for one window. What has to be remembered for longer than that is not learned. Null, the default: all steps.
    /// Some hundreds where rows of thousands of steps do not fit into memory, which an error then says.
    /// </summary>
    public int? TruncationSteps { get; set; }

    /// <summary>
    /// Sequences with more input steps, at least 1, are left out of training (not of validation). Null, the default: none are. Set it where
    /// a few very long sequences would cost most of the time. With <see cref="CurriculumIterations"/>, what the curriculum ends at.
    /// </summary>
    public int? MaximumInputSteps { get; set; }

    /// <summary>
    /// A curriculum by length: over so many iterations, at least 0, the longest sequences trained on grow from <see
    /// cref="CurriculumStartSteps"/> input steps to <see cref="MaximumInputSteps"/>, which must then be set. 0, the default: no curriculum.
    /// For what is learned on short sequences and not on long ones; a quarter to a half of the iterations is a start.
    /// </summary>
    public int CurriculumIterations { get; set; }

    /// <summary>
    /// Input steps of the longest sequences that a curriculum begins with, at least 1. Default 1. At least as long as the shortest
    /// sequence: else there is nothing to begin with, which is an error.
    /// </summary>
    public int CurriculumStartSteps { get; set; } = 1;
}
