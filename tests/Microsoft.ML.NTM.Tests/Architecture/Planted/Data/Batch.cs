namespace Planted.Data;

/// <summary>What the planted room Kernels must not use; a type of the same name is there as well.</summary>
internal class Batch : Attribute
{
    public int Rows { get; init; }

    public static Batch Make() => new();
}

/// <summary>Allowed: Data may use Kernels.</summary>
internal static class Reader
{
    public static Type Seen => typeof(Kernels.Batch);
}

/// <summary>An interface has no code, and still has a room.</summary>
internal interface INothing;

internal sealed class Fault : Exception;

internal sealed class MarkAttribute : Attribute;
