namespace Microsoft.ML.NTM.Engines;

/// <summary>The engine that runs a network.</summary>
/// <param name="Create">Makes one.</param>
internal sealed record EngineChoice(Func<IEngine> Create);
