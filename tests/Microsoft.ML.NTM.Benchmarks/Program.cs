using System.Globalization;
using Microsoft.ML.NTM.Benchmarks;
using Microsoft.ML.NTM.Benchmarks.Growth;
using Microsoft.ML.NTM.Benchmarks.Peers;
using Microsoft.ML.NTM.Benchmarks.RealData;
using Microsoft.ML.NTM.Kernels;

static int[] Numbers(string text) => [.. text.Split(',').Select(int.Parse)];

bool peers = !args.Contains("--no-peers");
string[] rest = [.. args.Where(argument => argument != "--no-peers")];
switch (rest)
{
    case ["--cold", .. string[] applications] when applications.Length > 0:
        ColdStart.Run(applications);
        return;
    case ["--first", string name]:
        FirstCalls.Run(name);
        return;
    case ["--sweeps", string seconds, string seeds, ..]:
        SweepGain.Run(double.Parse(seconds, CultureInfo.InvariantCulture), int.Parse(seeds), args);
        return;
    case ["--sweep-machine", string trials]:
        SweepMachineSpeed.Run(int.Parse(trials));
        return;
    case ["--sweep-surrogates", string seeds, .. string[] which]:
        SweepSurrogates.Run(int.Parse(seeds), which.Contains("choosing"));
        return;
    case ["--sweep-cluster", string sample, string trials, string sequences, string picture]:
        SweepClusterSpeed.Run(sample, int.Parse(trials), int.Parse(sequences), picture);
        return;
    case ["--real-data", string folder, ..]:
        RealDataRun.Run(folder, args);
        return;
    case ["--wide", string widths, string counts]:
        WideProducts.Run(Numbers(widths), Numbers(counts));
        return;
    case ["--growth", string limit]:
        string points = Path.Combine(BenchmarkRun.Folder(), "growth.csv");
        bool all = GrowthSpeed.Run(points, double.Parse(limit));
        GrowthLaws.Print(GrowthPoint.Read(points));
        GrowthFigure.Save(GrowthPoint.Read(points), Path.Combine(BenchmarkRun.Folder(), "../../../docs/images/growth.png"));
        Console.WriteLine(all ? "all points are there" : "points are left: run it again");
        return;
    case ["--compare", string before, string after]:
        Comparison.Print(BenchmarkRun.Read(before), BenchmarkRun.Read(after));
        return;
}
Console.WriteLine($"{Environment.ProcessorCount} cores, {SimdWidths.Best}, .NET {Environment.Version}");
switch (rest)
{
    case [] or ["--peers"]:
        PeerTable.Run(Workload.Usual, [1, 16, 32, 128], peers);
        break;
    case ["--peers", string names]:
        PeerTable.Run(names.Split(','), [1, 16, 32, 128], peers);
        break;
    case ["--peers", string names, string batches]:
        PeerTable.Run(names.Split(','), Numbers(batches), peers);
        break;
    case ["--loop", string name, string rows, string threads, string work, string seconds]:
        Loop.Run(name, int.Parse(rows), int.Parse(threads), training: work == "update", double.Parse(seconds));
        break;
    case ["--gemm"]:
        GemmCeiling.Run();
        break;
    case ["--dnc"]:
        GemmCeiling.Run();
        DncKernels.Run();
        break;
    case ["--pipeline"]:
        Pipeline.Run();
        break;
    case ["--steps"]:
        StepSpeed.Run();
        break;
    case ["--onnx"]:
        OnnxSpeed.Run();
        break;
    case ["--transform"]:
        TransformSpeed.Run();
        break;
    case ["--look-ahead"]:
        LookAheadSpeed.Run();
        break;
    default:
        Console.Error.WriteLine($"Unknown: {string.Join(' ', args)}. See the README for what there is.");
        Environment.ExitCode = 1;
        break;
}
