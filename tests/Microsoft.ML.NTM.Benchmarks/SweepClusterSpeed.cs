using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ScottPlot;

namespace Microsoft.ML.NTM.Benchmarks;

/// <summary>
/// Trials a second of a real cluster with 1, 2, 4 and 8 processes of the sample SweepCluster and a Redis on loopback, from the moment when
/// somebody holds the sweep until the first process is told that it is done. Trials are short, so that what the cluster itself takes is
/// seen. Run with <c>--sweep-cluster SAMPLE.dll TRIALS SEQUENCES PICTURE.svg</c>; needs redis-server.
/// </summary>
internal static partial class SweepClusterSpeed
{
    private static readonly int[] s_processes = [1, 2, 4, 8];

    public static void Run(string sample, int trials, int sequences, string picture)
    {
        double[] speeds = [.. s_processes.Select(processes => Measure(sample, processes, trials, sequences))];
        using var plot = new Plot();
        var measured = plot.Add.Scatter(s_processes.Select(processes => (double)processes).ToArray(), speeds);
        measured.MarkerSize = 7;
        measured.LineWidth = 2;
        plot.Axes.SetLimits(0, s_processes[^1] + 1, 0, 1.15 * speeds.Max());
        plot.XLabel("processes");
        plot.YLabel("trials a second");
        plot.Title(FormattableString.Invariant($"{trials} trials of {sequences} sequences, {Environment.ProcessorCount} cores"));
        plot.SaveSvg(picture, 640, 400);
    }

    private static double Measure(string sample, int count, int trials, int sequences)
    {
        string folder = Directory.CreateTempSubdirectory("sweep-cluster-speed-").FullName;
        int port = FreePort();
        var processes = new List<Process>();
        long begun = 0, done = 0;
        using Process redis = Start("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", folder], _ => { });
        try
        {
            for (int i = 0; i < count; i++)
            {
                processes.Add(Start("dotnet",
                [
                    sample, "--redis", $"127.0.0.1:{port}", "--folder", folder, "--silo-port", $"{FreePort()}", "--gateway-port",
                    $"{FreePort()}", "--trials", $"{trials}", "--sequences", $"{sequences}",
                ], line =>
                {
                    if (line.Contains("holds the sweep", StringComparison.Ordinal))
                        Interlocked.CompareExchange(ref begun, Stopwatch.GetTimestamp(), 0);
                    if (End().IsMatch(line))
                        Interlocked.CompareExchange(ref done, Stopwatch.GetTimestamp(), 0);
                }));
            }
            foreach (Process process in processes)
                process.WaitForExit();
            double speed = trials / Stopwatch.GetElapsedTime(begun, done).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} processes: {speed:F2} trials/s"));
            return speed;
        }
        finally
        {
            foreach (Process process in processes.Append(redis))
            {
                if (!process.HasExited)
                    process.Kill();
                process.WaitForExit();
            }
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process Start(string program, string[] arguments, Action<string> hear)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, line) => hear(line.Data ?? "");
        process.BeginOutputReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"\d+ of \d+ trials completed")]
    private static partial Regex End();
}
