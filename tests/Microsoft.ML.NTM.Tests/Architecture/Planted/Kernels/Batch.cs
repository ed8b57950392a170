using Planted.Data;
using Renamed = Planted.Data.Batch;

// Every type here but Innocent breaks the rule in its own way. Nothing of it runs.
namespace Planted.Kernels;

internal static class Batch
{
    public static int Rows(object batch) => ((Renamed)batch).Rows;
}

internal static class Inferred
{
    public static object Made() => new Func<int>(() =>
    {
        var made = Renamed.Make();
        return made.Rows;
    });
}

internal sealed class Base : INothing;

internal sealed class Field
{
    public Renamed[]? Batches { get; init; }
}

internal static class Signature
{
    public static void Take(in Renamed? batch) => _ = batch;
}

internal static class Generic
{
    public static object Made() => new List<Dictionary<int, Renamed>>();
}

[Mark]
internal static class Annotated;

internal static class Caught
{
    public static void Run(Action action)
    {
        try
        {
            action();
        }
        catch (Fault)
        {
            action();
        }
    }
}

internal static class Innocent
{
    public static string Name => "Planted.Data.Batch";
}
