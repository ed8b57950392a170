namespace Microsoft.ML.NTM.Engines;

/// <summary>The engine that runs a network.</summary>
/// <param name="Create">Makes one.</param>
/// <param name="PaysPerCall">Whether a batch of many rows costs about as much as one row.</param>
internal sealed record EngineChoice(Func<IEngine> Create, bool PaysPerCall);
