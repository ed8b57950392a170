using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Microsoft.ML.NTM.Tests.Sweeping.Cluster;

/// <summary>
/// Processes of the sample SweepCluster with Redis on loopback. It takes half a minute or more, so it is asked for with the environment
/// variable NTM_CLUSTER_TESTS; inconclusive without it, without redis-server, or where the sample was not built.
/// </summary>
[TestClass]
public sealed partial class SweepClusterTests
{
    private const int Silos = 4, Trials = 10;
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(3);

    private readonly List<Process> _processes = [];
    private string _folder = "";

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("cluster").FullName;

    [TestCleanup]
    public void EndProcesses()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
                process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public async Task ASweepEndsWithEveryTrialAccountedForThoughItsHolderAndTwoWorkersAreKilled()
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name,
            framework = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string sample = Path.Combine(SourceTree.Root, "samples", "SweepCluster", "bin", configuration, framework, "SweepCluster.dll");
        string? redis = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);
        if (Environment.GetEnvironmentVariable("NTM_CLUSTER_TESTS") is null || !File.Exists(sample) || redis is null)
            Assert.Inconclusive("This needs the environment variable NTM_CLUSTER_TESTS, redis-server and the built sample SweepCluster.");
        int port = FreePort();
        Start(redis, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", _folder]);
        Silo[] silos = [.. Enumerable.Range(0, Silos).Select(_ => new Silo(Start("dotnet",
        [
            sample, "--redis", $"127.0.0.1:{port}", "--folder", _folder, "--silo-port", $"{FreePort()}", "--gateway-port", $"{FreePort()}",
            "--trials", $"{Trials}", "--sequences", "3200",
        ])))];

        // In the middle: somebody has said that it holds the sweep, and trials are complete; only the best one's model is kept.
        await Until(() => silos.Any(silo => silo.Holds) && Directory.GetFiles(Path.Combine(_folder, "models"), "*.zip").Length >= 1);
        Silo holder = silos.First(silo => silo.Holds);
        Silo[] killed = [holder, .. silos.Where(silo => silo != holder).Take(2)], left = [.. silos.Except(killed)];
        foreach (Silo silo in killed)
            silo.Process.Kill();
        await Until(() => left.All(silo => silo.Process.HasExited));

        foreach (Silo silo in left)
        {
            Assert.AreEqual(0, silo.Process.ExitCode, silo.Output);
            Match end = End().Match(silo.Output);
            Assert.IsTrue(end.Success, silo.Output);
            Assert.AreEqual(Trials, int.Parse(end.Groups["all"].Value));
            Assert.AreEqual(Trials, int.Parse(end.Groups["completed"].Value) + int.Parse(end.Groups["pruned"].Value), silo.Output);
        }
        Assert.IsTrue(left.All(silo => silo.Holds), "The one that is left took the sweep up.");
    }

    private static async Task Until(Func<bool> holds)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.IsLessThan(s_hang, Stopwatch.GetElapsedTime(start), "The cluster hangs.");
            await Task.Delay(50);
        }
    }

    private Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = Process.Start(start)!;
        _processes.Add(process);
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"(?<completed>\d+) of (?<all>\d+) trials completed, (?<pruned>\d+) stopped early")]
    private static partial Regex End();

    private sealed class Silo
    {
        private readonly System.Text.StringBuilder _output = new();

        public Silo(Process process)
        {
            Process = process;
            process.OutputDataReceived += (_, line) => Add(line.Data);
            process.ErrorDataReceived += (_, line) => Add(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public Process Process { get; }

        public bool Holds => Output.Contains("holds the sweep", StringComparison.Ordinal);

        public string Output
        {
            get
            {
                lock (_output)
                    return _output.ToString();
            }
        }

        private void Add(string? line)
        {
            lock (_output)
                _output.AppendLine(line);
        }
    }
}
