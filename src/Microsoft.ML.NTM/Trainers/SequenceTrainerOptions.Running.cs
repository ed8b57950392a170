using System.Text.Json.Serialization;

namespace Microsoft.ML.NTM;

// What training runs on, and what it leaves behind on the way.
public abstract partial class SequenceTrainerOptions
{
    /// <summary>
    /// A folder where training saves itself and goes on where it was. Each training has a subfolder of its own, named after all that
    /// decides its result (network, options, data, seed), so that folds, sweeps and processes can share one folder. Null, the default:
    /// nowhere. Name one for any training that you would not like to begin again.
    /// </summary>
    public string? CheckpointFolder { get; set; }

    /// <summary>
    /// Iterations from one checkpoint to the next, at least 1. Default 1,000. What is lost to a kill is at most so many. Lower it where
    /// iterations are slow.
    /// </summary>
    public int CheckpointInterval { get; set; } = TrainingDefaults.CheckpointInterval;

    /// <summary>
    /// Iterations from one progress report to the next, at least 1. Default 100. A report is the mean of what lies between. Lower it to see
    /// more; the result does not depend on it (but see <see cref="TargetLoss"/>).
    /// </summary>
    public int ReportInterval { get; set; } = TrainingDefaults.ReportInterval;

    /// <summary>
    /// What runs the network. Default: a GPU where the MLContext asks for one, else the library's own engine, which is the faster one on a
    /// CPU. Name an engine where the other one would be a mistake.
    /// </summary>
    public SequenceBackend Backend { get; set; } = SequenceBackend.Auto;

    /// <summary>
    /// Threads of the managed engine, from 1 to 1,024. Null, the default: one per core. The result does not depend on it. Lower it where
    /// other work shares the machine. More than one per eight rows of a batch have nothing to do.
    /// </summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>
    /// Seed of initialisation and shuffling, any number. Null, the default: a checkpoint's where there is one, else drawn from the
    /// MLContext's. Set it to get the same bits again; compare settings over three seeds before you trust a small difference.
    /// </summary>
    public int? Seed { get; set; }

    /// <summary>
    /// Told about training as it goes; called on the training thread. Null, the default: ML.NET's log has a line now and then. <see
    /// cref="ConsoleProgress"/> keeps one up to date.
    /// </summary>
    [JsonIgnore]
    public IProgress<TrainingProgress>? Progress { get; set; }
}
