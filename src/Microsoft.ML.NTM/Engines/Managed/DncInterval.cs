namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>How many steps there are from one that a DNC's memory and links are kept of to the next.</summary>
internal static class DncInterval
{
    /// <summary>
    /// Links are replayed for so many steps at once; those of the steps between are worked out when they are used, two rows at a time.
    /// </summary>
    public const int LinkSteps = 4;

    // Numbers that may be kept before steps are left out: what a cache shared by a few cores holds.
    private const long KeptLength = 1024 * 1024;

    /// <summary>The square root of the steps, at most: that needs the least memory.</summary>
    /// <param name="steps">Steps of the sequences.</param>
    /// <param name="length">Numbers to keep of a step.</param>
    public static int Of(long steps, long length) =>
        (int)Math.Min((steps * length + KeptLength - 1) / KeptLength, Math.Max(1, (long)Math.Sqrt(steps)));
}
