using System.Globalization;

namespace Microsoft.ML.NTM.Training.Checkpoints;

/// <summary>
/// Either way between a training and a checkpoint: who has something to remember names it once, and the same call saves it or loads it.
/// </summary>
internal abstract class CheckpointExchange
{
    /// <summary>Whether values come from a checkpoint, instead of going into one.</summary>
    internal abstract bool IsLoading { get; }

    /// <summary>Saves <paramref name="values"/> or overwrites them.</summary>
    internal abstract void Array(string name, float[] values);

    /// <summary>Saves all <paramref name="parameters"/>, each under its own name, or overwrites them.</summary>
    internal abstract void Parameters(ParameterSet parameters);

    /// <summary>Saves <paramref name="value"/> or replaces it.</summary>
    internal abstract void Text(string name, ref string value);

    /// <summary>Saves <paramref name="value"/> or replaces it.</summary>
    internal void Number(string name, ref long value)
    {
        string text = value.ToString(CultureInfo.InvariantCulture);
        Text(name, ref text);
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
            throw new InvalidDataException($"The checkpoint's '{name}' is not a whole number: '{text}'.");
    }

    /// <summary>Saves <paramref name="value"/>, all bits of it, or replaces it.</summary>
    internal void Number(string name, ref double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        Text(name, ref text);
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            throw new InvalidDataException($"The checkpoint's '{name}' is not a number: '{text}'.");
    }
}
