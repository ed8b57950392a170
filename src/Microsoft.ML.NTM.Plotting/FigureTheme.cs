namespace Microsoft.ML.NTM.Plotting;

/// <summary>What a figure's ground is.</summary>
public enum FigureTheme
{
    /// <summary>Dark ink on white.</summary>
    Light,

    /// <summary>Light ink on near black.</summary>
    Dark,
}
