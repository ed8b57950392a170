using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.NTM;

/// <summary>What trainers with a controller can be told about it.</summary>
public abstract class ControllerTrainerOptions : SequenceTrainerOptions
{
    /// <summary>Units per controller layer (H).</summary>
    [Range(16, 513, TrainingDefaults.ControllerSize, true)]
    public int ControllerSize { get; set; } = TrainingDefaults.ControllerSize;

    /// <summary>LSTM layers of the controller (L).</summary>
    [Range(1, 4, 1)]
    public int ControllerLayers { get; set; } = 1;

    /// <summary>Controller outputs are clipped to [-clip, clip], above 0. Default 20, which no well-behaved network reaches.</summary>
    public float ControllerClip { get; set; } = TrainingDefaults.ControllerClip;
}

/// <summary>What trainers of networks with a memory can be told about it.</summary>
public abstract class MemoryTrainerOptions : ControllerTrainerOptions
{
    /// <summary>What drives the heads. A feed-forward controller has one layer.</summary>
    [Choice(new object[] { ControllerKind.Lstm, ControllerKind.FeedForward }, ControllerKind.Lstm)]
    public ControllerKind Controller { get; set; } = ControllerKind.Lstm;

    /// <summary>Memory slots (N).</summary>
    [Range(8, 513, TrainingDefaults.MemorySlots, true)]
    public int MemorySlots { get; set; } = TrainingDefaults.MemorySlots;

    /// <summary>Numbers per memory slot (M).</summary>
    [Range(4, 129, TrainingDefaults.MemoryWidth, true)]
    public int MemoryWidth { get; set; } = TrainingDefaults.MemoryWidth;

    /// <summary>Read heads (R).</summary>
    [Range(1, 9, 1)]
    public int NumberOfReadHeads { get; set; } = 1;
}
