using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.ML.NTM.Tests.Trainers;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>
/// Trainings in processes of their own that are killed at random moments and started again until they end: they end in the same bits as
/// one that
/// was left alone. NTM_KILLS sets how many kills (default 3).
/// </summary>
[TestClass]
public sealed class KilledTrainingTests
{
    private const string Case = "NTM_KILLED_TRAINING";

    private static readonly int s_kills = int.Parse(Environment.GetEnvironmentVariable("NTM_KILLS") ?? "3", CultureInfo.InvariantCulture);

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public required TestContext TestContext { get; set; }

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    /// <summary>The child process: it trains what the environment asks for, and runs no tests.</summary>
    [AssemblyInitialize]
    public static void TrainWhereAsked(TestContext context)
    {
        _ = context;
        if (Environment.GetEnvironmentVariable(Case) is not string asked)
            return;
        string[] parts = asked.Split('|');
        File.WriteAllText(Path.Combine(parts[1], "end"), Train(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]));
        Environment.Exit(0);
    }

    [TestMethod]
    public void ATrainingThatIsKilledAtAnyMomentEndsInTheSameBits()
    {
        var random = new Random(1);
        for (int kills = 0, kind = 0; kills < s_kills; kind++)
        {
            string folder = Directory.CreateDirectory(Path.Combine(_folder, $"{kind}")).FullName;
            string expected = Train(kind, checkpoints: null);
            int here = 0;
            for (int start = 0; !File.Exists(Path.Combine(folder, "end")); start++)
            {
                Assert.IsLessThan(60, start, $"Training {kind} does not end.");
                // Starting takes most of a second, in which there is nothing to kill.
                if (RunChild(kind, folder, patience: start > 4 ? Timeout.InfiniteTimeSpan : Moment(random)))
                    continue;
                here++;
            }
            kills += Math.Max(here, 1);
            TestContext.WriteLine($"Training {kind}: {here} kills");
            Assert.AreEqual(expected, File.ReadAllText(Path.Combine(folder, "end")), $"training {kind}");
        }
    }

    private static TimeSpan Moment(Random random) => TimeSpan.FromSeconds(0.9 + 1.6 * random.NextDouble());

    // False where it was killed.
    private static bool RunChild(int kind, string folder, TimeSpan patience)
    {
        string program = Environment.ProcessPath!;
        string[] tests = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(KilledTrainingTests).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, [.. tests, "--filter", "FullyQualifiedName~SourceFilesTests"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [Case] = $"{kind}|{folder}" },
        };
        using Process child = Process.Start(start)!;
        child.OutputDataReceived += (_, _) => { };
        child.ErrorDataReceived += (_, _) => { };
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        if (child.WaitForExit(patience))
            return true;
        child.Kill();
        child.WaitForExit();
        return false;
    }

    // The weights' hash at the end of a training that is as long as it takes to be killed, of each kind there is.
    private static string Train(int kind, string? checkpoints)
    {
        var ml = new MLContext(1);
        NtmTrainer.Options options = SmallNtm.Options(iterations: 3_000);
        OptimizerKind[] optimizers = Enum.GetValues<OptimizerKind>();
        options.Optimizer = optimizers[kind % optimizers.Length];
        options.ValidationSetFraction = kind / optimizers.Length % 2 == 0 ? 0 : 0.3;
        options.ValidationInterval = 70;
        options.LearningRateDecay = kind % 3 == 0 ? LearningRateDecay.Cosine : LearningRateDecay.None;
        if (kind % 5 == 2)
            (options.MaximumInputSteps, options.CurriculumStartSteps, options.CurriculumIterations) = (3, 1, 900);
        options.CheckpointFolder = checkpoints;
        options.CheckpointInterval = 50;
        options.NumberOfThreads = 1;
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(ml, rows: 80));
        float[] values = model.Model.Parameters.Values;
        return Convert.ToHexString(SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes((ReadOnlySpan<float>)values)));
    }
}
