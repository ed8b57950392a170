namespace Microsoft.ML.NTM.Engines;

/// <summary>Memory that something takes.</summary>
/// <param name="Bytes">In all.</param>
/// <param name="LargestBuffer">Numbers of the largest array.</param>
internal readonly record struct MemoryAmount(long Bytes, long LargestBuffer);
