using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.ML.NTM.Sweeps;
using Microsoft.ML.NTM.Tests.Trainers;

namespace Microsoft.ML.NTM.Tests.Sweeping.Cluster;

/// <summary>A sweep in a silo of this process, its state in files.</summary>
[TestClass]
public sealed class SweepSiloTests
{
    private string _folder = "";

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("silo").FullName;

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task ASweepInASiloComesToTheSameAsInOneProcess()
    {
        SweepResult result = await FinishAsync();
        SweepResult alone = Alone();

        Assert.AreEqual(Describe(alone), Describe(result));
        CollectionAssert.AreEqual(((SequenceTransformer)alone.Model).Model.Parameters.Values,
            ((SequenceTransformer)result.Model).Model.Parameters.Values);
    }

    /// <summary>
    /// The first silo is stopped in the middle, the second one takes up what is in the files. A trial whose lease has to run out first
    /// comes after others, so what is decided of it may be another than in one process; what is trained is the same.
    /// </summary>
    [TestMethod]
    public async Task ASweepGoesOnInAnotherSilo()
    {
        if (Environment.GetEnvironmentVariable("NTM_CLUSTER_TESTS") is null)
            Assert.Inconclusive("This waits for a lease to run out, up to a minute: set the environment variable NTM_CLUSTER_TESTS.");
        using (IHost first = await StartAsync(Small(new MLContext(1))))
        {
            ClusterSweep sweep = first.Services.GetRequiredService<ClusterSweep>();
            while ((await sweep.LookAsync(Grains(first))).Trials.Count(trial => trial.Status == SweepTrialStatus.Completed) < 2)
                await Task.Yield();
            await first.StopAsync();
        }
        SweepResult result = await FinishAsync(), alone = Alone();

        Assert.HasCount(alone.Trials.Count, result.Trials);
        Assert.IsTrue(result.Trials.All(trial => trial.Status is SweepTrialStatus.Completed or SweepTrialStatus.Pruned));
        foreach ((SweepTrial there, SweepTrial here) in result.Trials.Zip(alone.Trials))
        {
            if (!there.Values.SequenceEqual(here.Values))
                continue;
            CollectionAssert.AreEqual(here.Curve.Take(there.Curve.Count).ToArray(), there.Curve.Take(here.Curve.Count).ToArray());
        }
    }

    [TestMethod]
    public async Task APipelineInASiloComesToTheSameAsInOneProcess()
    {
        var ml = new MLContext(1);
        SweepOptions options = Options(_folder);
        (options.Metric, options.Rungs) = (SweepMetric.Loss(), 0);
        IDataView train = SmallNtm.Data(ml), validation = SmallNtm.Data(ml, 20, seed: 9);
        IEstimator<ITransformer> Pipeline(SweepTrialContext trial) => ml.Transforms.CopyColumns("Again", "Label")
            .Append(trial.MLContext.Sequence.Trainers.Ntm(trial.Apply(SmallNtm.Options(30))));
        SweepResult result = await FinishAsync(ClusterSweep.OverPipelines("pipeline", ml, train, validation, Pipeline, options));
        options.JournalFolder = null;

        Assert.AreEqual(Describe(ml.Sequence.Sweep(train, validation, Pipeline, options)), Describe(result));
    }

    [TestMethod]
    public async Task ASweepInASiloEndsWhenItsTimeIsUpAndMeasuresWhatThereIs()
    {
        var ml = new MLContext(1);
        SweepOptions options = Options(_folder);
        (options.NumberOfTrials, options.TimeBudget) = (1_000_000, TimeSpan.FromSeconds(2));
        SweepResult result = await FinishAsync(ClusterSweep.Over("short", ml, SmallNtm.Data(ml), SmallNtm.Data(ml, 20, seed: 9),
            SmallNtm.Options(30), options));

        Assert.IsLessThan(1_000_000, result.Trials.Count);
        Assert.IsTrue(result.Trials.All(trial => trial.Status is SweepTrialStatus.Completed or SweepTrialStatus.Pruned));
    }

    private Task<SweepResult> FinishAsync()
    {
        var ml = new MLContext(1);
        return FinishAsync(Small(ml));
    }

    private async Task<SweepResult> FinishAsync(ClusterSweep sweep)
    {
        using IHost host = await StartAsync(sweep);
        SweepResult result = await host.Services.GetRequiredService<ClusterSweep>().WaitAsync(Grains(host));
        await host.StopAsync();
        return result;
    }

    private static SweepResult Alone()
    {
        var ml = new MLContext(1);
        return ml.Sequence.Sweep(SmallNtm.Data(ml), SmallNtm.Data(ml, 20, seed: 9), SmallNtm.Options(30), Options(null));
    }

    [TestMethod]
    public void ASweepWithoutSeedOrFolderIsRefused()
    {
        var ml = new MLContext(1);
        var start = new LstmTrainer.Options();

        Assert.Throws<ArgumentException>(() =>
            ClusterSweep.Over("x", ml, SmallNtm.Data(ml), SmallNtm.Data(ml), start, new SweepOptions { Seed = 1 }));
        Assert.Throws<ArgumentException>(() =>
            ClusterSweep.Over("x", ml, SmallNtm.Data(ml), SmallNtm.Data(ml), start, new SweepOptions { JournalFolder = _folder }));
    }

    private static SweepOptions Options(string? folder) => new()
    {
        NumberOfTrials = 6,
        Rungs = 1,
        NumberOfRepeats = 1,
        NumberOfRepeatedTrials = 1,
        NumberOfParallelTrials = 1,
        Seed = 5,
        Space = SweepSpace.Empty.Range("LearningRate", 1e-4, 3e-2, 3e-4, logarithmic: true).Range("BatchSize", 2, 8, 4),
        JournalFolder = folder,
    };

    private ClusterSweep Small(MLContext ml) =>
        ClusterSweep.Over("small", ml, SmallNtm.Data(ml), SmallNtm.Data(ml, 20, seed: 9), SmallNtm.Options(30), Options(_folder));

    private async Task<IHost> StartAsync(ClusterSweep sweep)
    {
        IHost host = Host.CreateDefaultBuilder().UseOrleans(silo =>
            silo.UseLocalhostClustering(FreePort(), FreePort()).AddSweepFileStorage(_folder).AddSweep(sweep)).Build();
        await host.StartAsync();
        return host;
    }

    private static IGrainFactory Grains(IHost host) => host.Services.GetRequiredService<IGrainFactory>();

    private static string Describe(SweepResult result) => string.Join('\n', result.Trials.Select(trial =>
        $"{trial.Number} {trial.Seed} {trial.Status} {trial.Metric:R} {string.Join(' ', trial.Values)} "
            + string.Join(' ', trial.Curve.Select(point => $"{point.Share:R} {point.Loss:R}"))));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
