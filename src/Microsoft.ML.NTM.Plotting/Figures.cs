namespace Microsoft.ML.NTM.Plotting;

/// <summary>Figures of what networks learn and do, as PNG or SVG, light or dark.</summary>
/// <example>
/// <code>
/// Figures.Trace(ml.Sequence.Trace(model, test).First()).SavePng("trace.png");
/// Figures.LearningCurves([new LearningCurve("NTM", [model.Model.History!])]).SaveSvg("learning.svg");
/// </code>
/// </example>
public static partial class Figures
{
    private const int PlotWidth = 820, PlotHeight = 460;
}
