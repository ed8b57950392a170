using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>How heads find their place. Hd is the number of heads addressed together; a weighting is [B, Hd, N].</summary>
internal static class Addressing
{
    /// <summary>Added to |u||v| in the cosine, so that a zero key or slot is similar to nothing instead of NaN.</summary>
    public const double CosineEpsilon = 1e-6;

    /// <summary>
    /// u.v / (|u||v| + eps): keys [B, Hd, M] with the slots of memory [B, N, M], or each with its own [B, Hd, N, M]: [B, Hd, N].
    /// </summary>
    public static Tensor CosineSimilarity(Tensor memory, Tensor key)
    {
        Tensor slots = memory.dim() == 3 ? memory.unsqueeze(1) : memory;        // (B, 1 or Hd, N, M)
        Tensor dot = memory.dim() == 3
            ? key.matmul(memory.transpose(1, 2))
            : memory.matmul(key.unsqueeze(-1)).squeeze(-1);                     // (B, Hd, N)
        return dot / (Norm(key).unsqueeze(-1) * Norm(slots) + CosineEpsilon);
    }

    /// <summary>w_c = softmax_i(beta cos(k, M(i))), with strength [B, Hd, 1] (arXiv:1410.5401, Eq. 5 and 6).</summary>
    public static Tensor ContentWeighting(Tensor memory, Tensor key, Tensor strength) =>
        (strength * CosineSimilarity(memory, key)).softmax(-1);

    /// <summary>w_g = g w_c + (1 - g) w_{t-1}, with gate [B, Hd, 1] (arXiv:1410.5401, Eq. 7).</summary>
    public static Tensor Interpolate(Tensor content, Tensor previous, Tensor gate) => gate * content + (1 - gate) * previous;

    /// <summary>w_s(i) = sum_j w_g((i - j) mod N) s(j), with the shifts -S..S in [B, Hd, 2S + 1] (arXiv:1410.5401, Eq. 8).</summary>
    public static Tensor Shift(Tensor gated, Tensor shift)
    {
        long range = shift.shape[^1] / 2;
        Tensor shifted = zeros_like(gated);
        for (long j = -range; j <= range; j++)
            shifted += gated.roll(j, -1) * shift.narrow(-1, j + range, 1);
        return shifted;
    }

    /// <summary>
    /// w_s^gamma / sum w_s^gamma, with gamma [B, Hd, 1] (arXiv:1410.5401, Eq. 9), as ((w_s + eps) / max(w_s + eps))^gamma, normalised:
    /// the largest power is 1, so the sum is never 0. The scale cancels, in the gradient as well, so it is a constant for it. Or, where
    /// the spec says so, w_s^gamma / (sum w_s^gamma + eps).
    /// </summary>
    public static Tensor Sharpen(Tensor shifted, Tensor gamma, NetworkSpec spec)
    {
        double epsilon = spec.SharpeningEpsilon;
        if (spec.SharpeningEpsilonPlace == SharpeningEpsilonPlace.AfterPower)
        {
            Tensor raised = shifted.pow(gamma);
            return raised / (raised.sum(-1, keepdim: true) + epsilon);
        }
        Tensor positive = shifted + epsilon;
        Tensor power = (positive / positive.detach().amax([-1], keepdim: true)).pow(gamma);
        return power / power.sum(-1, keepdim: true);
    }

    // The gradient of libtorch's norm at 0 is 0.
    private static Tensor Norm(Tensor vectors) => linalg.vector_norm(vectors, ord: 2, dims: [-1]);
}
