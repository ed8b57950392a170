// A sweep over a Neural Turing Machine's options on the copy task, made by any number of processes: start this program as often as you
// like.
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.NTM;
using Microsoft.ML.NTM.Sweeps;
using Orleans.Configuration;
using StackExchange.Redis;

var settings = new Settings();
if (Arguments.Read(args, "Sweeps a Neural Turing Machine's options on a cluster.", ("cluster", settings)) is int code)
    return code;
if (settings is { Redis: not null, Folder: null })
{
    Console.Error.WriteLine("Several processes need a folder that all of them see: --folder.");
    return 2;
}
string folder = settings.Folder ?? Directory.CreateTempSubdirectory("sweep-cluster-").FullName;

// Every process makes the same sweep of the same data.
var ml = new MLContext(seed: 1);
IDataView train = new CopyTask(1, 6, bits: 4, seed: 1).ToDataView(ml, 2_000);
IDataView validation = new CopyTask(1, 6, bits: 4, seed: 2).ToDataView(ml, 300);
var start = new NtmTrainer.Options
{
    Alignment = SequenceAlignment.AfterInput,
    Loss = SequenceLoss.BinaryCrossEntropy,
    OutputLengthColumnName = "OutputLength",
    NumberOfIterations = settings.Sequences / 16,
    ControllerSize = 32,
    MemorySlots = 24,
    MemoryWidth = 12,
    Seed = 1,
};
ClusterSweep sweep = ClusterSweep.Over("copy", ml, train, validation, start, new SweepOptions
{
    NumberOfTrials = settings.Trials,
    Metric = SweepMetric.OfSequences("Wrong bits", higherIsBetter: false, metrics => metrics.WrongBitsPerSequence),
    JournalFolder = folder,
    ReportPath = Path.Combine(folder, "sweep.html"),
}, lease: TimeSpan.FromSeconds(10));

using IHost host = Host.CreateDefaultBuilder()
    .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.ML.NTM", LogLevel.Information))
    .UseOrleans(silo =>
    {
        if (settings.Redis is null)
            silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort).AddSweepFileStorage(folder);
        else
        {
            ConfigurationOptions redis = ConfigurationOptions.Parse(settings.Redis);
            silo.UseRedisClustering(options => options.ConfigurationOptions = redis)
                .AddRedisGrainStorage(ClusterSweep.StorageName, options => options.ConfigurationOptions = redis)
                .ConfigureEndpoints("127.0.0.1", settings.SiloPort, settings.GatewayPort);
        }
        // A process that died is known to be dead after seconds; with Orleans' defaults it takes a minute or two.
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            (options.ProbeTimeout, options.NumMissedProbesLimit) = (TimeSpan.FromSeconds(1), 2);
            (options.TableRefreshTimeout, options.NumVotesForDeathDeclaration) = (TimeSpan.FromSeconds(2), 1);
        });
        silo.AddSweep(sweep, settings.Workers);
    })
    .Build();
await host.StartAsync();
SweepResult result = await sweep.WaitAsync(host.Services.GetRequiredService<IGrainFactory>());
int completed = result.Trials.Count(trial => trial.Status == SweepTrialStatus.Completed);
int pruned = result.Trials.Count(trial => trial.Status == SweepTrialStatus.Pruned);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{completed} of {result.Trials.Count} trials completed, {pruned} stopped early. "
    + $"Best: trial {result.Best.Number} with {result.Best.Metric:G3} wrong bits; the first had {result.Trials[0].Metric:G3}."));
await host.StopAsync();
return 0;
