namespace Microsoft.ML.NTM;

/// <summary>In which form a forecasting model sees the series. Its answers are in the series' own units either way.</summary>
public enum SeriesForm
{
    /// <summary>
    /// The inputs are the changes from row to row, and the answers how far each coming value lies from the last known one. A model that
    /// has learned nothing so answers about the last value, and a trend goes on beyond what was seen in training.
    /// </summary>
    Differences,

    /// <summary>Inputs and answers are the values themselves: for series that come back to the same levels.</summary>
    Levels,
}
