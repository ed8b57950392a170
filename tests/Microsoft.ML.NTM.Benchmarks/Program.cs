using Microsoft.ML.NTM;
using Microsoft.ML.NTM.Benchmarks;
using Microsoft.ML.NTM.Benchmarks.RealData;

if (args is ["--cold", string application, string model])
{
    Pipeline.ColdStart(application, model);
    return;
}
if (args is ["--first", string kind])
{
    FirstCalls.Run(Enum.Parse<NetworkKind>(kind));
    return;
}
if (args is ["--sweeps", string seconds, string seeds])
{
    SweepGain.Run(double.Parse(seconds), int.Parse(seeds));
    return;
}
if (args is ["--real-data", string folder, ..])
{
    RealDataRun.Run(folder, args);
    return;
}
if (args is ["--lstm" or "--lstm-both-ways", string sizes, string batches, string threads])
{
    foreach (int size in sizes.Split(',').Select(int.Parse))
    {
        foreach (int rows in batches.Split(',').Select(int.Parse))
            LstmSpeed.Run(size, rows, steps: 20, int.Parse(threads), bothWays: args[0] == "--lstm-both-ways");
    }
    return;
}
if (args is ["--wide", string widths, string counts])
{
    WideProducts.Run([.. widths.Split(',').Select(int.Parse)], [.. counts.Split(',').Select(int.Parse)]);
    return;
}
if (args is ["--gemm"])
{
    GemmCeiling.Run();
    return;
}
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}");
GemmCeiling.Run();
if (args.Contains("--steps"))
{
    StepSpeed.Run();
    return;
}
if (args.Contains("--onnx"))
{
    OnnxSpeed.Run();
    return;
}
if (args.Contains("--transform"))
{
    TransformSpeed.Run();
    return;
}
if (args.Contains("--look-ahead"))
{
    LookAheadSpeed.Run();
    return;
}
bool torch = !args.Contains("--no-torch");
if (args.Contains("--dnc"))
{
    DncKernels.Run();
    DncSpeed.Run(torch);
    return;
}
foreach (int rows in new[] { 1, 16, 32 })
    CopySpeed.Run(ControllerKind.Lstm, rows, torch);
CopySpeed.Run(ControllerKind.FeedForward, 1, torch);
Pipeline.Run();
