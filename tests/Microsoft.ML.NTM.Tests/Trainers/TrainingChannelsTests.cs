using Microsoft.ML.NTM.Tests.Training;
using Microsoft.ML.NTM.Tests.Training.Progress;
using Microsoft.ML.NTM.Trainers;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.NTM.Tests.Trainers;

/// <summary>What ML.NET's log hears of a training.</summary>
[TestClass]
public sealed class TrainingChannelsTests
{
    private readonly MLContext _ml = new(1);
    private readonly List<LoggingEventArgs> _log = [];

    [TestInitialize]
    public void Listen() => _ml.Log += (_, line) => _log.Add(line);

    [TestMethod]
    public void WithNoProgressTheLogHasLinesAtGrowingIntervals()
    {
        Report(null);
        string[] lines = [.. Of(ChannelMessageKind.Info)];
        Assert.HasCount(11, lines, "after 1, 6, 11, 16, 21, 26, 32, 39, 47, 57 and 60 seconds");
        StringAssert.Contains(lines[0], "iteration 1 of 60, loss 0.4821, gradient norm 1.25, 1,204 sequences/s, 0:01 so far");
        StringAssert.Contains(lines[^1], "iteration 60 of 60");
        Assert.HasCount(49, Of(ChannelMessageKind.Trace).Where(line => line.Contains("iteration", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void WithAProgressTheLogIsQuietAndTheProgressHearsAll()
    {
        var listener = new Listener();
        Report(listener);
        Assert.IsEmpty(Of(ChannelMessageKind.Info));
        Assert.HasCount(60, listener.Heard);
    }

    [TestMethod]
    public void AFitSaysWhatItTrainsHowFarItIsAndWhyItEnded()
    {
        _ml.Sequence.Trainers.Ntm(SmallNtm.Options(5)).Fit(SmallNtm.Data(_ml));
        string all = string.Join('\n', Of(ChannelMessageKind.Info));
        StringAssert.Contains(all, "Training Ntm with ");
        StringAssert.Contains(all, "iteration 5 of 5, loss ");
        StringAssert.Contains(all, "Training ended after 5 iterations: Completed.");
    }

    private void Report(IProgress<TrainingProgress>? listener)
    {
        var clock = new ManualClock();
        using var channels = new TrainingChannels(((IHostEnvironment)_ml).Register("Test"), listener, clock);
        for (int second = 1; second <= 60; second++)
        {
            clock.Now = TimeSpan.FromSeconds(second);
            channels.Report(SomeProgress.At(second, 60));
        }
    }

    private IEnumerable<string> Of(ChannelMessageKind kind) =>
        _log.Where(line => line.Kind == kind && line.Source.Contains("Training", StringComparison.Ordinal)).Select(line => line.Message);

    private sealed class Listener : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Heard { get; } = [];

        public void Report(TrainingProgress value) => Heard.Add(value);
    }
}
