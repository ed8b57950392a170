using System.Text.Json;
using Microsoft.ML.NTM.Sweeping;

namespace Microsoft.ML.NTM.Tests.Sweeping.Reports;

[TestClass]
public sealed class SweepReportTests
{
    private static readonly SweepSpace s_space = SweepSpace.Empty.Range("Rate", 1e-4, 1e-1, 1e-2, logarithmic: true)
        .Choice("Kind", "a</script>", "b");

    private static SweepProgress Progress(bool isOver, params SweepTrialStatus[] statuses)
    {
        SweepTrial[] trials = [.. statuses.Select((status, i) => new SweepTrial
        {
            Number = i,
            Values = s_space.ValuesOf([0.01 * (i + 1), i % 2]),
            Seed = 1,
            Status = status,
            Metric = status == SweepTrialStatus.Completed ? 0.5 - 0.1 * i : null,
            Curve = [new(1.0 / 3, 2), new(1, double.PositiveInfinity)],
            RelativeCost = 1,
            Elapsed = TimeSpan.FromSeconds(3),
            Error = status == SweepTrialStatus.Failed ? "it </script> failed" : null,
        })];
        return new SweepProgress
        {
            Trials = trials,
            Best = trials.Where(trial => trial.Metric is not null).MinBy(trial => trial.Metric),
            MetricName = "Loss",
            HigherIsBetter = false,
            NumberOfTrials = 9,
            Elapsed = TimeSpan.FromSeconds(75),
            IsOver = isOver,
            Space = s_space,
        };
    }

    [TestMethod]
    public void ThePageHoldsItsDataAndReloadsOnlyWhileTheSweepGoesOn()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("report").FullName, "sweep.html");
        foreach (bool isOver in new[] { false, true })
        {
            new SweepHtmlFile(path).Write(Progress(isOver, SweepTrialStatus.Completed, SweepTrialStatus.Failed), [new("Rate", 0.5)]);
            string html = File.ReadAllText(path);

            Assert.AreEqual(!isOver, html.Contains("http-equiv=\"refresh\"", StringComparison.Ordinal));
            Assert.AreEqual(1, html.Split("</script>").Length - 1);
            Assert.IsFalse(html.Contains("src=", StringComparison.Ordinal)
                || html.Contains("<link", StringComparison.Ordinal), "It needs nothing else.");
            string line = html.Split('\n').Single(line => line.StartsWith("const data = ", StringComparison.Ordinal));
            using JsonDocument data = JsonDocument.Parse(line["const data = ".Length..].TrimEnd(';'));
            Assert.AreEqual(2, data.RootElement.GetProperty("trials").GetArrayLength());
            Assert.AreEqual("it </script> failed", data.RootElement.GetProperty("trials")[1].GetProperty("error").GetString());
            Assert.AreEqual(JsonValueKind.Null, data.RootElement.GetProperty("trials")[0].GetProperty("curve")[1][1].ValueKind);
        }
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [TestMethod]
    public void SeveralWhoWaitForTheSameSweepWriteTheSamePage()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("report").FullName, "sweep.html");
        SweepProgress progress = Progress(true, SweepTrialStatus.Completed);
        Thread[] writers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 50; i++)
                new SweepHtmlFile(path).Write(progress, []);
        }))];
        foreach (Thread writer in writers)
            writer.Start();
        foreach (Thread writer in writers)
            writer.Join();

        CollectionAssert.AreEqual(new[] { path }, Directory.GetFiles(Path.GetDirectoryName(path)!));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [TestMethod]
    public void RedirectedOutputHasALinePerEvent()
    {
        var writer = new StringWriter { NewLine = "\n" };
        var console = new SweepConsole(writer, redraws: false, TimeProvider.System, 160);
        console.Report(Progress(false, SweepTrialStatus.Running));
        console.Report(Progress(false, SweepTrialStatus.Running));
        console.Report(Progress(false, SweepTrialStatus.Completed, SweepTrialStatus.Failed));
        console.Report(Progress(true, SweepTrialStatus.Completed, SweepTrialStatus.Failed, SweepTrialStatus.Pruned));

        string[] lines = writer.ToString().TrimEnd('\n').Split('\n');
        Assert.HasCount(5, lines);
        StringAssert.StartsWith(lines[0], "1:15 trial 0: begins; Rate 0.01, Kind a</script>");
        StringAssert.Contains(lines[1], "trial 0: Loss 0.5; ");
        StringAssert.Contains(lines[2], "trial 1: failed: it </script> failed");
        StringAssert.Contains(lines[3], "trial 2: stopped after 100");
        StringAssert.Contains(lines[4], "3 of 9 trials: 1 completed, 1 stopped early, 1 failed, 0 under way. Best: trial 0, Loss 0.5");
        Assert.IsFalse(writer.ToString().Contains('\u001b'));
    }

    [TestMethod]
    public void ATerminalShowsOneTableThatIsDrawnOverItself()
    {
        var writer = new StringWriter { NewLine = "\n" };
        var console = new SweepConsole(writer, redraws: true, TimeProvider.System, 60);
        console.Report(Progress(false, SweepTrialStatus.Completed, SweepTrialStatus.Running));
        string first = writer.ToString();
        console.Report(Progress(true, SweepTrialStatus.Completed, SweepTrialStatus.Completed));
        string second = writer.ToString()[first.Length..];

        Assert.AreEqual(4, first.Count(letter => letter == '\n'));
        StringAssert.StartsWith(second, "\u001b[4F");
        Assert.IsTrue(second.Split('\n').All(line =>
            line.Replace("\u001b[4F", "", StringComparison.Ordinal).Replace("\u001b[K", "", StringComparison.Ordinal).Length <= 60));
    }
}
