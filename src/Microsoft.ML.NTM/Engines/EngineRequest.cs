namespace Microsoft.ML.NTM.Engines;

/// <summary>What is asked for to run a network.</summary>
/// <param name="Backend">The option.</param>
/// <param name="GpuDeviceId">The GPU that the MLContext asks for, or null.</param>
/// <param name="FallbackToCpu">Whether a CPU will do where that GPU is not there.</param>
internal readonly record struct EngineRequest(SequenceBackend Backend, int? GpuDeviceId, bool FallbackToCpu);
