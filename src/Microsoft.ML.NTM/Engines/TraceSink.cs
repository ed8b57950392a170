namespace Microsoft.ML.NTM.Engines;

/// <summary>Is told a step's values, which are good during the call.</summary>
internal delegate void TraceSink(string name, ReadOnlySpan<float> values);
