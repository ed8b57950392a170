using System.Text.Json.Serialization;

namespace Microsoft.ML.NTM;

// What training runs on, and what it leaves behind on the way.
public abstract partial class SequenceTrainerOptions
{
    /// <summary>
    /// A folder where training saves itself and goes on where it was. Each training has a subfolder of its own, named after all that
    /// decides its result (network, options, data, seed), so that folds, sweeps and processes can share one folder. Null, the default:
    /// nowhere.
    /// </summary>
    public string? CheckpointFolder { get; set; }

    /// <summary>Iterations from one checkpoint to the next, at least 1. Default 1,000. What is lost to a kill is at most so many.</summary>
    public int CheckpointInterval { get; set; } = TrainingDefaults.CheckpointInterval;

    /// <summary>
    /// Iterations from one progress report to the next, at least 1. Default 100. A report is the mean of what lies between.
    /// </summary>
    public int ReportInterval { get; set; } = TrainingDefaults.ReportInterval;

    /// <summary>What runs the network. Default: a GPU where the MLContext asks for one, else the library's own engine.</summary>
    public SequenceBackend Backend { get; set; } = SequenceBackend.Auto;

    /// <summary>
    /// Threads of the managed engine, from 1 to 1,024. Null, the default: one per core. The result does not depend on it.
    /// </summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>
    /// Seed of initialisation and shuffling. Null, the default: a checkpoint's where there is one, else drawn from the MLContext's.
    /// </summary>
    public int? Seed { get; set; }

    /// <summary>
    /// Told about training as it goes; called on the training thread. Null, the default: ML.NET's log has a line now and then. <see
    /// cref="ConsoleProgress"/> keeps one up to date.
    /// </summary>
    [JsonIgnore]
    public IProgress<TrainingProgress>? Progress { get; set; }
}
