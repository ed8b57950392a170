using Microsoft.ML.NTM.Benchmarks;

Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}");
double ceiling = GemmCeiling.Run();
bool torch = !args.Contains("--no-torch");
if (args.Contains("--dnc"))
{
    DncKernels.Run();
    DncSpeed.Run(ceiling, torch);
    return;
}
foreach (int rows in new[] { 1, 16, 32 })
    CopyTask.Run(ControllerKind(false), rows, ceiling, torch);
CopyTask.Run(ControllerKind(true), 1, ceiling, torch);

static Microsoft.ML.NTM.ControllerKind ControllerKind(bool feedForward) =>
    feedForward ? Microsoft.ML.NTM.ControllerKind.FeedForward : Microsoft.ML.NTM.ControllerKind.Lstm;
