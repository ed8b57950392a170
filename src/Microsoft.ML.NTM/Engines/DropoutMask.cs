using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Engines;

/// <summary>
/// Which of a row's controller outputs are left out of a batch, the same ones at every step (Gal and Ghahramani, arXiv:1512.05287):
/// h becomes h * mask, in what the controller remembers as well as in what heads and output see. Those that stay are scaled up by
/// 1 / (1 - rate), so that scoring needs no change.
/// </summary>
internal static class DropoutMask
{
    /// <summary>A row's mask. It follows from the batch's seed and the row's place alone, whatever runs it.</summary>
    /// <param name="mask">0 or 1 / (1 - rate) per output of the layers: [L*H].</param>
    /// <param name="batch">The batch.</param>
    /// <param name="row">The row's place in it.</param>
    /// <param name="rate">The share that is left out.</param>
    public static void Fill(Span<float> mask, SequenceBatch batch, int row, float rate)
    {
        ulong seed = Mix(batch.DropoutSeed + SeededRandom.Increment * (ulong)(row + 1)), bound = (ulong)(rate * (1UL << 53));
        float kept = 1f / (1f - rate);
        for (int i = 0; i < mask.Length; i++)
            mask[i] = Mix(seed + (ulong)i) >> 11 < bound ? 0f : kept;
    }

    private static ulong Mix(ulong value) => SeededRandom.Mix(value + SeededRandom.Increment);
}
