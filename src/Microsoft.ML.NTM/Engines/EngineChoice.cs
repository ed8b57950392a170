namespace Microsoft.ML.NTM.Engines;

/// <summary>The engine that runs a network.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Create">Makes one.</param>
/// <param name="PaysPerCall">Whether a batch of many rows costs about as much as one row.</param>
/// <param name="Limit">What it refuses; it asks by itself.</param>
internal sealed record EngineChoice(string Name, Func<IEngine> Create, bool PaysPerCall, MemoryLimit Limit);
