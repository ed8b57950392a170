using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>
/// Trainings in processes of their own that are killed at random moments and started again until they end: they end in the same bits as
/// one that was left alone. NTM_KILLS sets how many kills (default 3); a disk that is now and then full or only read, and two processes in
/// one folder, take a third each.
/// </summary>
[TestClass]
public sealed class KilledTrainingTests
{
    private const int MostStarts = 60, PatientAfter = 4;

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
        TrainingProcess.TrainWhereAsked();
    }

    [TestMethod]
    public void ATrainingThatIsKilledAtAnyMomentEndsInTheSameBits()
    {
        var random = new Random(1);
        KillAll(s_kills - 2 * (s_kills / 3), 0, (kind, checkpoints, end, whole) =>
        {
            int kills = 0;
            for (int start = 0; !File.Exists(end); start++)
            {
                Assert.IsLessThan(MostStarts, start, $"Training {kind} does not end.");
                using var process = new TrainingProcess(kind, checkpoints, end);
                if (process.Ends(Patience(start, random, whole)))
                    continue;
                process.Kill();
                kills++;
            }
            return kills;
        });
    }

    [TestMethod]
    public void ATrainingWhoseDiskIsFullOrOnlyReadNowAndThenEndsInTheSameBits()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "disk")).FullName;
        using SmallDisk? disk = SmallDisk.TryMount(folder, 600_000);
        if (disk is null)
            Assert.Inconclusive("Only an administrator of Linux can make a disk that is full.");
        var random = new Random(2);
        int[] troubles = new int[4];
        KillAll(s_kills / 3, 100, (kind, _, end, whole) =>
        {
            string checkpoints = Path.Combine(folder, $"{kind}");
            int kills = 0;
            for (int start = 0; !File.Exists(end); start++)
            {
                Assert.IsLessThan(MostStarts, start, $"Training {kind} does not end.");
                int trouble = start > PatientAfter ? 3 : random.Next(4);
                if (trouble == 0)
                    disk.Fill();
                if (trouble == 1)
                    Assert.IsTrue(disk.SetWritable(false));
                using (var process = new TrainingProcess(kind, checkpoints, end))
                {
                    TimeSpan patience = Patience(start, random, whole);
                    bool ends = trouble == 2 && process.Ends(patience / 2);
                    if (trouble == 2)
                        disk.Fill();
                    if (!ends && !process.Ends(patience))
                    {
                        process.Kill();
                        kills++;
                    }
                }
                troubles[trouble]++;
                Assert.IsTrue(disk.SetWritable(true));
                disk.Empty();
            }
            if (Directory.Exists(checkpoints))
                Directory.Delete(checkpoints, recursive: true);
            return kills;
        });
        TestContext.WriteLine($"{troubles[0]} starts on a full disk, {troubles[1]} on one that was only read, {troubles[2]} on one that "
            + $"became full, {troubles[3]} without trouble");
    }

    [TestMethod]
    public void TwoProcessesInOneFolderOfWhichEitherIsKilledEndInTheSameBits()
    {
        var random = new Random(3);
        KillAll(s_kills / 3, 200, (kind, checkpoints, end, whole) =>
        {
            int kills = 0;
            string other = end + "-other";
            for (int start = 0; !File.Exists(end) || !File.Exists(other); start++)
            {
                Assert.IsLessThan(MostStarts, start, $"Training {kind} does not end.");
                using var one = new TrainingProcess(kind, checkpoints, end);
                using var two = new TrainingProcess(kind, checkpoints, other);
                bool first = random.Next(2) == 0;
                foreach (TrainingProcess process in first ? new[] { one, two } : [two, one])
                {
                    if (process.Ends(Patience(start, random, whole)))
                        continue;
                    process.Kill();
                    kills++;
                }
            }
            Assert.AreEqual(File.ReadAllText(end), File.ReadAllText(other), $"training {kind}");
            return kills;
        });
    }

    // Trainings of one kind after the other until there were enough kills; each ends as it does alone.
    private void KillAll(int atLeast, int firstKind, Func<int, string, string, TimeSpan, int> run)
    {
        int all = 0;
        for (int kind = firstKind; all < atLeast; kind++)
        {
            string folder = Directory.CreateDirectory(Path.Combine(_folder, $"{kind}")).FullName;
            long start = Stopwatch.GetTimestamp();
            string end = Path.Combine(_folder, $"end-{kind}"), expected = TrainingProcess.Train(kind, checkpoints: null);
            int kills = run(kind, folder, end, Stopwatch.GetElapsedTime(start));
            all += Math.Max(kills, 1);
            TestContext.WriteLine($"Training {kind}: {kills} kills");
            Assert.AreEqual(expected, File.ReadAllText(end), $"training {kind}");
        }
    }

    // A moment of about as long as the whole takes; after some kills it is left to end.
    private static TimeSpan Patience(int start, Random random, TimeSpan whole) =>
        start > PatientAfter ? Timeout.InfiniteTimeSpan : whole * (1.2 * random.NextDouble());
}
