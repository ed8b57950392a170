using Microsoft.ML.NTM.Sweeping;
using Microsoft.ML.NTM.Tests.Sweeping.Hosting;

namespace Microsoft.ML.NTM.Tests.Sweeping.Journal;

[TestClass]
public sealed class SweepJournalTests
{
    private static readonly SweepPlan s_plan = new()
    {
        Space = FakeTraining.Space,
        Trials = 5,
        Rungs = 1,
        ReductionFactor = 2,
        RepeatedTrials = 1,
        Repeats = 1,
        MaxAttempts = int.MaxValue,
    };

    private string _folder = "";

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("sweep").FullName;

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    private string JournalPath => Path.Combine(_folder, "journal.jsonl");

    [TestMethod]
    public void ASweepWhoseJournalWasCutAtAnyByteGoesOnToTheSameEnd()
    {
        string end = Run();
        byte[] whole = File.ReadAllBytes(JournalPath);
        int[] lineEnds = [.. Enumerable.Range(0, whole.Length).Where(i => whole[i] == '\n').Select(i => i + 1)];
        Assert.IsGreaterThan(15, lineEnds.Length);

        // What is left of a line that was cut is the same wherever it was: each cut is read, and from each line the sweep is run to its
        // end.
        string state = "";
        for (int cut = 0; cut <= whole.Length; cut++)
        {
            File.WriteAllBytes(JournalPath, whole[..cut]);
            string now = Read();
            Assert.IsTrue(cut == 0 || now == state || lineEnds.Contains(cut), $"Cut at byte {cut}.");
            state = now;
        }
        Assert.AreEqual(end, state);
        foreach (int line in lineEnds.Prepend(0))
        {
            foreach (int cut in new[] { line, Math.Min(line + 1, whole.Length), Math.Min(line + 40, whole.Length) })
            {
                File.WriteAllBytes(JournalPath, whole[..cut]);
                Assert.AreEqual(end, Run(), $"Cut at byte {cut}.");
            }
        }
    }

    [TestMethod]
    public void AChangedByteBeforeTheLastLineIsAnErrorThatNamesTheLine()
    {
        Run();
        byte[] whole = File.ReadAllBytes(JournalPath);
        int secondLine = Array.IndexOf(whole, (byte)'\n') + 1;
        foreach (int at in new[] { 0, 20, secondLine, secondLine + 12 })
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 1;
            File.WriteAllBytes(JournalPath, damaged);
            InvalidDataException fault = Assert.Throws<InvalidDataException>(() => Read());
            StringAssert.Contains(fault.Message, $"line {(at < secondLine ? 1 : 2)} ");
            Assert.IsLessThan(1_000, fault.Message.Length);
        }
    }

    [TestMethod]
    public void AnotherSweepsJournalIsRefusedWithWhatDiffers()
    {
        Run();

        StringAssert.Contains(Assert.Throws<InvalidDataException>(() => Open("other")).Message, "what is 'this' there and 'other' here");
    }

    [TestMethod]
    public void AJournalOfALaterVersionIsRefused()
    {
        (JournalFile file, _) = JournalFile.Open(JournalPath);
        file.Add(new JournalEntry { Event = "sweep", Version = 2, Sweep = [] });
        file.Dispose();

        StringAssert.Contains(Assert.Throws<InvalidDataException>(() => Read()).Message, "version 2");
    }

    [TestMethod]
    public void NumbersComeBackBitForBit()
    {
        double[] numbers = [0.1 + 0.2, double.Epsilon, -0.0, double.PositiveInfinity, double.NaN, 1 / 3.0, double.MaxValue];
        (JournalFile file, _) = JournalFile.Open(JournalPath);
        file.Add(new JournalEntry { Event = "begin", Trial = 0, Point = numbers });
        file.Dispose();
        (JournalFile again, List<JournalEntry> entries) = JournalFile.Open(JournalPath);
        again.Dispose();

        CollectionAssert.AreEqual(numbers.Select(BitConverter.DoubleToInt64Bits).ToArray(),
            entries[0].Point!.Select(BitConverter.DoubleToInt64Bits).ToArray());
    }

    [TestMethod]
    public void OneProcessAtATimeHasTheJournal()
    {
        using SweepJournal first = Open("this");

        Assert.Throws<IOException>(() => Open("this"));
    }

    [TestMethod]
    public void OnlyModelsThatMayWinAreKeptHoweverOftenTheSweepIsEnded()
    {
        string end = Run();
        int events = File.ReadAllLines(JournalPath).Length;
        for (int last = 1; last < events; last++)
        {
            RemoveFolder();
            MakeFolder();
            Assert.Throws<InvalidOperationException>(() => Run(endsAfter: last));
            // What an earlier process may have left: the model of a trial that is over and did not win.
            foreach (TrialRecord pruned in Trials().Where(trial => trial.Status == SweepTrialStatus.Pruned))
                File.WriteAllText(Model(pruned.Number), "left over");

            Assert.AreEqual(end, Run(), $"Ended after {last} events.");
            IReadOnlyList<TrialRecord> trials = Trials();
            int[] contenders = [.. Contenders.Of(s_plan, trials).Order()];
            CollectionAssert.Contains(contenders, Winner.Of(trials)!.Number);
            Assert.HasCount(s_plan.RepeatedTrials * (1 + s_plan.Repeats), contenders);
            CollectionAssert.AreEqual(contenders.Select(Model).ToArray(),
                Directory.GetFiles(Path.Combine(_folder, "models")).Order(StringComparer.Ordinal).ToArray());
            foreach (int number in contenders)
                Assert.AreEqual($"{number}", File.ReadAllText(Model(number)));
        }
    }

    private string Model(int trial) => Path.Combine(_folder, "models", $"trial-{trial:D5}.zip");

    private SweepJournal Open(string what) => SweepJournal.Open(
        new SweepFolder(_folder, (model, path) => File.WriteAllText(path, $"{((FakeTraining.Model)model).Number}")),
            new() { ["what"] = what });

    private IReadOnlyList<TrialRecord> Trials()
    {
        using SweepJournal journal = Open("this");
        return journal.Trials;
    }

    private string Read() => SweepStates.Describe(Trials());

    private string Run(int endsAfter = int.MaxValue)
    {
        using SweepJournal journal = Open("this");
        var machine = new SweepMachine(s_plan, journal.Trials);
        int events = 0;
        new LocalSweep(machine, FakeTraining.Train, new LocalSweepSettings
        {
            Journal = journal,
            Tell = (_, _) =>
            {
                if (++events >= endsAfter)
                    throw new IOException("The process ends here.");
            },
        }).Run();
        return SweepStates.Describe(machine.Trials);
    }
}
