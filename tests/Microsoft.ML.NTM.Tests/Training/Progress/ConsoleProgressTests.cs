using System.Globalization;
using System.Text;

namespace Microsoft.ML.NTM.Tests.Training.Progress;

[TestClass]
public sealed class ConsoleProgressTests
{
    private const string Anew = "\e[1A\e[2K";

    private readonly ManualClock _clock = new();
    private readonly StringWriter _written = new(CultureInfo.InvariantCulture);

    [TestMethod]
    public void AReportReadsAsOneLineWhateverTheCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");
            Assert.AreEqual(
                "iteration 1,200 of 5,000, loss 0.4821, gradient norm 1.25, 1,204 sequences/s, 20:00 so far",
                SomeProgress.At(1200, 5000).ToString());
            Assert.AreEqual(
                "iteration 7,325 of 9,000, loss 0.4821, validation loss 0.5, gradient norm 1.25, 1,204 sequences/s, "
                + "2 steps skipped, 2:02:05 so far",
                SomeProgress.At(7325, 9000, 0.5, 2).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void OutsideATerminalLinesArePlainAndGrowRare()
    {
        var progress = new ConsoleProgress(_written, _clock);
        for (int second = 1; second <= 3600; second++)
        {
            _clock.Now = TimeSpan.FromSeconds(second);
            progress.Report(SomeProgress.At(second, 3600));
        }

        string[] lines = Lines();
        Assert.AreEqual("  0% 1/3,600  loss 0.4821  1,204 sequences/s  0:01", lines[0], "there is no pace yet");
        Assert.AreEqual("  0% 6/3,600  loss 0.4821  1,204 sequences/s  0:06  59:54 left", lines[1]);
        Assert.AreEqual("100% 3,600/3,600  loss 0.4821  1,204 sequences/s  1:00:00", lines[^1], "the last report always shows");
        Assert.IsGreaterThan(20, lines.Length);
        Assert.IsLessThan(45, lines.Length);
        Assert.IsFalse(_written.ToString().Contains('\e'), "no control characters");
    }

    [TestMethod]
    public void InATerminalOneLineIsWrittenAnewAtMostTenTimesASecond()
    {
        var progress = new ConsoleProgress(_written, _clock, () => 200);
        for (int i = 1; i <= 100; i++)
        {
            _clock.Now = TimeSpan.FromMilliseconds(20 * i);
            progress.Report(SomeProgress.At(i, 100, validation: 0.51));
        }

        string[] lines = Lines();
        Assert.HasCount(21, lines, "two seconds, and the end");
        Assert.AreEqual("  1% ░░░░░░░░░░░░░░░░░░░░ 1/100  loss 0.4821  validation 0.51  1,204 sequences/s  0:01", lines[0]);
        Assert.IsTrue(lines[1..].All(line => line.StartsWith(Anew, StringComparison.Ordinal)),
            "each line takes the place of the one before");
        const string Figures = "loss 0.4821  validation 0.51  1,204 sequences/s";
        Assert.AreEqual(Anew + $" 51% ██████████░░░░░░░░░░ 51/100  {Figures}  0:51  0:49 left", lines[10]);
        Assert.AreEqual(Anew + $"100% ████████████████████ 100/100  {Figures}  1:40", lines[^1]);
    }

    [TestMethod]
    public void ALineIsNoWiderThanTheTerminal()
    {
        new ConsoleProgress(_written, _clock, () => 30).Report(SomeProgress.At(1));
        Assert.AreEqual(29, Lines()[0].Length);
    }

    [TestMethod]
    public void AnotherTrainingBeginsALineOfItsOwnAndAPaceOfItsOwn()
    {
        var progress = new ConsoleProgress(_written, _clock, () => 200);
        foreach (long iteration in new[] { 500, 1000, 10, 20 })
        {
            _clock.Now += TimeSpan.FromSeconds(1);
            progress.Report(SomeProgress.At(iteration));
        }
        Assert.IsFalse(Lines()[2].Contains('\e'));
        StringAssert.EndsWith(Lines()[3], "16:20 left");
    }

    [TestMethod]
    public void AResumedTrainingCountsItsOwnPaceAndABudgetBoundsTheTimeLeft()
    {
        var progress = new ConsoleProgress(_written, _clock) { TimeBudget = TimeSpan.FromSeconds(30) };
        progress.Report(SomeProgress.At(900));
        _clock.Now += TimeSpan.FromSeconds(10);
        progress.Report(SomeProgress.At(910));
        StringAssert.EndsWith(Lines()[1], "0:20 left");
    }

    [TestMethod]
    public void OnATerminalWithoutUnicodeTheBarIsAscii()
    {
        using var stream = new MemoryStream();
        using (var latin = new StreamWriter(stream, Encoding.Latin1))
            new ConsoleProgress(latin, _clock, () => 100).Report(SomeProgress.At(500));
        StringAssert.StartsWith(Encoding.Latin1.GetString(stream.ToArray()), " 50% ##########.......... 500/1,000");
    }

    [TestMethod]
    public void TwoWatchersAreBothTold()
    {
        var second = new StringWriter(CultureInfo.InvariantCulture);
        new ConsoleProgress(_written, _clock).And(new ConsoleProgress(second, _clock)).Report(SomeProgress.At(1));
        Assert.AreEqual(_written.ToString(), second.ToString());
        Assert.HasCount(1, Lines());
    }

    private string[] Lines() => _written.ToString().TrimEnd().Split(Environment.NewLine);
}
