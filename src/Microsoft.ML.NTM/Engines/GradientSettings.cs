namespace Microsoft.ML.NTM.Engines;

/// <summary>How an engine makes gradients, beyond what the network's equations say.</summary>
internal sealed record GradientSettings
{
    /// <summary>Everything as the equations say.</summary>
    public static GradientSettings Exact { get; } = new();

    /// <summary>
    /// Steps that a derivative goes back through at most: rows are taken in windows of so many steps, each backwards on its own, with
    /// the state carried from one to the next (truncated back-propagation through time; Williams and Peng 1990). Memory then follows the
    /// window, not the row. <see cref="int.MaxValue"/>: all.
    /// </summary>
    public int TruncationSteps { get; init; } = int.MaxValue;

    /// <summary>The share of the controller's outputs left out in training, from 0 to below 1: see <see cref="DropoutMask"/>.</summary>
    public float DropoutRate { get; init; }
}
