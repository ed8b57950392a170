using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.NTM;

/// <summary>What trainers with a controller can be told about it.</summary>
public abstract class ControllerTrainerOptions : SequenceTrainerOptions
{
    /// <summary>Units per controller layer (H).</summary>
    [Range(24, 201, TrainingDefaults.ControllerSize, true)]
    public int ControllerSize { get; set; } = TrainingDefaults.ControllerSize;

    /// <summary>LSTM layers of the controller (L).</summary>
    public int ControllerLayers { get; set; } = 1;

    /// <summary>Controller outputs are clipped to [-clip, clip], above 0. Default 20, which no well-behaved network reaches.</summary>
    public float ControllerClip { get; set; } = TrainingDefaults.ControllerClip;
}

/// <summary>What trainers of networks with a memory can be told about it.</summary>
public abstract class MemoryTrainerOptions : ControllerTrainerOptions
{
    /// <summary>What drives the heads. A feed-forward controller has one layer.</summary>
    public ControllerKind Controller { get; set; } = ControllerKind.Lstm;

    /// <summary>Memory slots (N).</summary>
    [Range(24, 256, TrainingDefaults.MemorySlots, true)]
    public int MemorySlots { get; set; } = TrainingDefaults.MemorySlots;

    /// <summary>Numbers per memory slot (M).</summary>
    [Range(8, 37, TrainingDefaults.MemoryWidth, true)]
    public int MemoryWidth { get; set; } = TrainingDefaults.MemoryWidth;

    /// <summary>Read heads (R).</summary>
    public int NumberOfReadHeads { get; set; } = 1;
}
