// A sweep over a Neural Turing Machine's options on the copy task, made by any number of processes: start this program as often as you
// like.
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.NTM;
using Microsoft.ML.NTM.Sweeps;
using Orleans.Configuration;
using Orleans.Dashboard;
using StackExchange.Redis;

var settings = new Settings();
if (Arguments.Read(args, "Sweeps a Neural Turing Machine's options on a cluster.", ("cluster", settings)) is int code)
    return code;
if (settings is { Redis: not null, Folder: null })
{
    Console.Error.WriteLine("Several processes need a folder that all of them see: --folder.");
    return 2;
}
if (settings is { Kubernetes: true, Redis: null })
{
    Console.Error.WriteLine("Pods need a Redis that all of them reach: --redis.");
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

IHostBuilder builder = Host.CreateDefaultBuilder()
    .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.ML.NTM", LogLevel.Information))
    .UseOrleans(silo =>
    {
        if (settings.Redis is null)
            silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort).AddSweepFileStorage(folder);
        else
        {
            ConfigurationOptions redis = ConfigurationOptions.Parse(settings.Redis);
            silo.UseRedisClustering(options => options.ConfigurationOptions = redis)
                .AddRedisGrainStorage(ClusterSweep.StorageName, options => options.ConfigurationOptions = redis);
            if (settings.Kubernetes)
                silo.Configure<EndpointOptions>(ports => (ports.SiloPort, ports.GatewayPort) = (settings.SiloPort, settings.GatewayPort))
                    .UseKubernetesHosting();
            else
                silo.ConfigureEndpoints("127.0.0.1", settings.SiloPort, settings.GatewayPort);
        }
        // A process that died is known to be dead after seconds; with Orleans' defaults it takes a minute or two.
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            (options.ProbeTimeout, options.NumMissedProbesLimit) = (TimeSpan.FromSeconds(1), 2);
            (options.TableRefreshTimeout, options.NumVotesForDeathDeclaration) = (TimeSpan.FromSeconds(2), 1);
        });
        silo.AddSweep(sweep, settings.Workers);
        // Every silo tells the dashboard of itself; who wants to see it says on which port.
        silo.AddDashboard();
    });
if (settings.DashboardPort is int port)
{
    builder.ConfigureWebHostDefaults(web => web.UseUrls(FormattableString.Invariant($"http://127.0.0.1:{port}"))
        .Configure(pages => pages.UseRouting().UseEndpoints(endpoints => endpoints.MapOrleansDashboard())));
}
using IHost host = builder.Build();
await host.StartAsync();
SweepResult result;
try
{
    CancellationToken stop = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
    result = await sweep.WaitAsync(host.Services.GetRequiredService<IGrainFactory>(), stop);
}
catch (OperationCanceledException)
{
    // Asked to go: its trials are given back to the others.
    await host.StopAsync();
    Console.Error.WriteLine("Stopped before the end of the sweep.");
    return 3;
}
int completed = result.Trials.Count(trial => trial.Status == SweepTrialStatus.Completed);
int pruned = result.Trials.Count(trial => trial.Status == SweepTrialStatus.Pruned);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"{completed} of {result.Trials.Count} trials completed, {pruned} stopped early. "
    + $"Best: trial {result.Best.Number} with {result.Best.Metric:G3} wrong bits; the first had {result.Trials[0].Metric:G3}."));
await host.StopAsync();
return 0;
