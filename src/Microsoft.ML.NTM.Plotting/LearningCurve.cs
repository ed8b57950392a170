namespace Microsoft.ML.NTM.Plotting;

/// <summary>One model's trainings, alike but for their seeds.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Seeds">A history per seed, such as a model's <see cref="SequenceModelParameters.History"/>.</param>
public sealed record LearningCurve(string Name, IReadOnlyList<TrainingHistory> Seeds);
