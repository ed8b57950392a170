using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.NTM.Tests.Trainers;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>
/// A training of one of many kinds in a process of its own, which can be killed. It writes the hash of its weights at its end.
/// </summary>
internal sealed class TrainingProcess : IDisposable
{
    private const string Case = "NTM_KILLED_TRAINING";
    private const int CouldNotWrite = 3;

    private readonly Process _process;
    private readonly string _begun;

    public TrainingProcess(int kind, string checkpoints, string end)
    {
        _begun = end + ".begun";
        File.Delete(_begun);
        string program = Environment.ProcessPath!;
        string[] tests = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(TrainingProcess).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, [.. tests, "--filter", "FullyQualifiedName~SourceFilesTests"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [Case] = $"{kind}|{checkpoints}|{end}" },
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What a process does that was started to train: trains, and ends.</summary>
    public static void TrainWhereAsked()
    {
        if (Environment.GetEnvironmentVariable(Case) is not string asked)
            return;
        string[] parts = asked.Split('|');
        try
        {
            File.WriteAllText(parts[2] + ".begun", "");
            string hash = Train(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
            File.WriteAllText(parts[2] + ".tmp", hash);
            File.Move(parts[2] + ".tmp", parts[2], overwrite: true);
            Environment.Exit(0);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Environment.Exit(CouldNotWrite);
        }
    }

    /// <summary>Whether it ends by itself within that time, which counts from when it has begun to train.</summary>
    public bool Ends(TimeSpan patience)
    {
        while (!File.Exists(_begun) && !_process.HasExited)
            _process.WaitForExit(TimeSpan.FromMilliseconds(5));
        if (!_process.WaitForExit(patience))
            return false;
        Assert.IsTrue(_process.ExitCode is 0 or CouldNotWrite, $"exit code {_process.ExitCode}");
        return true;
    }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose() => _process.Dispose();

    /// <summary>The weights' hash at the end of a training that is as long as it takes to be killed, of each kind there is.</summary>
    public static string Train(int kind, string? checkpoints)
    {
        var ml = new MLContext(1);
        NtmTrainer.Options options = SmallNtm.Options(iterations: 3_000);
        OptimizerKind[] optimizers = Enum.GetValues<OptimizerKind>();
        options.Optimizer = optimizers[kind % optimizers.Length];
        options.ValidationSetFraction = kind / optimizers.Length % 2 == 0 ? 0 : 0.3;
        options.ValidationInterval = 70;
        options.LearningRateDecay = (LearningRateDecay)(kind % 3);
        options.DropoutRate = kind % 3 == 1 ? 0.2 : 0;
        options.TruncationSteps = kind % 7 is 3 or 4 ? 2 : null;
        if (kind % 5 == 2)
            (options.MaximumInputSteps, options.CurriculumStartSteps, options.CurriculumIterations) = (3, 1, 900);
        options.CheckpointFolder = checkpoints;
        options.CheckpointInterval = 50;
        options.NumberOfThreads = 1;
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(ml, rows: 80));
        return Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes((ReadOnlySpan<float>)model.Model.Parameters.Values)));
    }
}
