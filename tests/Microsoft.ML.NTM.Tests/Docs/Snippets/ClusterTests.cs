using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Sweeps;

namespace Microsoft.ML.NTM.Tests.Docs.Snippets;

/// <summary>docs/guide/cluster.md: a cluster of one process.</summary>
[TestClass]
public sealed class ClusterTests
{
    private const string Printed = """
        4 trials

        """;

    [TestMethod]
    public async Task ASweepIsSharedBySilos()
    {
        var ml = new MLContext(seed: 1);
        string folder = Directory.CreateTempSubdirectory().FullName;
        IDataView train = Data(ml, 60), validation = Data(ml, 20);
        (int siloPort, int gatewayPort) = (FreePort(), FreePort());
        StringBuilder printed = Console.Listen();

        ClusterSweep sweep = ClusterSweep.Over("rates", ml, train, validation,
            new LstmTrainer.Options { ControllerSize = 8, NumberOfIterations = 60 },
            new SweepOptions { NumberOfTrials = 4, Seed = 1, JournalFolder = folder });
        using IHost host = Host.CreateDefaultBuilder()
            .UseOrleans(silo => silo.UseLocalhostClustering(siloPort, gatewayPort).AddSweepFileStorage(folder).AddSweep(sweep, workers: 1))
            .Build();
        await host.StartAsync();
        SweepResult result = await sweep.WaitAsync(host.Services.GetRequiredService<IGrainFactory>());
        Console.WriteLine($"{result.Trials.Count} trials");
        await host.StopAsync();

        Assert.AreEqual(Printed, printed.ToString());
        Directory.Delete(folder, recursive: true);
    }

    private static IDataView Data(MLContext ml, int count) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i =>
        new Row { Features = [i % 2, 1, 0], Label = i % 2 }).ToList());

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Row
    {
        [VectorType(0, 1)] public float[] Features { get; set; } = [];
        public float Label { get; set; }
    }
}
