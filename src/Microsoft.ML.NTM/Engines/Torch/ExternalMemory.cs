using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>Reading and writing a memory [B, N, M] through weightings.</summary>
internal static class ExternalMemory
{
    /// <summary>r = w M: weightings [B, R, N] give reads [B, R, M] (arXiv:1410.5401, Eq. 2).</summary>
    public static Tensor Read(Tensor memory, Tensor weightings) => weightings.matmul(memory);

    /// <summary>
    /// M prod_w(1 - w e^T) + sum_w w a^T: weightings [B, W, N], erase and add [B, W, M]; all heads erase before any adds
    /// (arXiv:1410.5401, Eq. 3 and 4).
    /// </summary>
    public static Tensor Write(Tensor memory, Tensor weightings, Tensor erase, Tensor add) =>
        memory * Kept(weightings, erase) + weightings.transpose(1, 2).matmul(add);

    // What the erase vectors leave: (B, N, M), or 1 without a write head.
    private static Tensor Kept(Tensor weightings, Tensor erase)
    {
        Tensor kept = ones(1, dtype: erase.dtype, device: erase.device);
        for (long head = 0; head < erase.shape[1]; head++)
            kept = kept * (1 - weightings.select(1, head).unsqueeze(-1) * erase.select(1, head).unsqueeze(1));
        return kept;
    }
}
