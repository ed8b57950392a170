using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.NTM;

/// <summary>What trainers with a controller can be told about it.</summary>
public abstract class ControllerTrainerOptions : SequenceTrainerOptions
{
    /// <summary>
    /// Units per controller layer (H), from 1. Default 100. 16 to 64 for a few hundred sequences, 100 and more for many thousands; time
    /// grows with its square.
    /// </summary>
    [Range(24, 201, TrainingDefaults.ControllerSize, true)]
    public int ControllerSize { get; set; } = TrainingDefaults.ControllerSize;

    /// <summary>LSTM layers of the controller (L), from 1. Default 1, seldom too few: try more units first, then 2.</summary>
    public int ControllerLayers { get; set; } = 1;

    /// <summary>
    /// Controller outputs are clipped to [-clip, clip], above 0. Default 20, which no well-behaved network reaches: where it matters, lower
    /// the learning rate instead.
    /// </summary>
    public float ControllerClip { get; set; } = TrainingDefaults.ControllerClip;
}

/// <summary>What trainers of networks with a memory can be told about it.</summary>
public abstract class MemoryTrainerOptions : ControllerTrainerOptions
{
    /// <summary>The defaults of all trainers, but for RMSProp's form and the gradient's norm.</summary>
    protected MemoryTrainerOptions() => (RmsPropCentered, GradientClipNorm) = (false, TrainingDefaults.MemoryGradientClipNorm);

    /// <summary>
    /// Step size of the optimizer, above 0. Default 4e-4. The first thing to tune, from 1e-4 to 1e-2 in steps of three: too high shows as a
    /// loss that jumps, too low as one that creeps.
    /// </summary>
    [Range(1e-4, 3e-2, TrainingDefaults.MemoryLearningRate, true)]
    public override double LearningRate { get; set; } = TrainingDefaults.MemoryLearningRate;

    /// <summary>
    /// What drives the heads. Default: an LSTM. A feed-forward controller has one layer and remembers in the memory alone, which makes it
    /// easier to look into.
    /// </summary>
    public ControllerKind Controller { get; set; } = ControllerKind.Lstm;

    /// <summary>
    /// Memory slots (N), from 1. Default 128. As many as there are things to remember, with room to spare; time grows with it, of a DNC
    /// with its square.
    /// </summary>
    [Range(24, 256, TrainingDefaults.MemorySlots, true)]
    public int MemorySlots { get; set; } = TrainingDefaults.MemorySlots;

    /// <summary>
    /// Numbers per memory slot (M), from 1. Default 20. Somewhat more than one thing to remember takes; too few show as answers that are
    /// nearly right, and time grows with it.
    /// </summary>
    [Range(8, 37, TrainingDefaults.MemoryWidth, true)]
    public int MemoryWidth { get; set; } = TrainingDefaults.MemoryWidth;

    /// <summary>
    /// Read heads (R), from 1. Default 1. More (4 in the DNC's paper) where several things have to be looked up in one step; each has to
    /// learn where to look.
    /// </summary>
    public int NumberOfReadHeads { get; set; } = 1;
}
