namespace Microsoft.ML.NTM.Plotting;

/// <summary>One model's errors by length, for each seed.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Seeds">Per seed: length and errors there, such as wrong bits per sequence.</param>
public sealed record LengthCurve(string Name, IReadOnlyList<IReadOnlyDictionary<int, double>> Seeds);
