using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>The order in which a DNC's slots were written (Nature 538:471, Methods, "Temporal memory linkage").</summary>
internal static class TemporalLinks
{
    /// <summary>
    /// L_t[i,j] = (1 - w[i] - w[j]) L_{t-1}[i,j] + w[i] p_{t-1}[j], 0 on the diagonal: links [B, N, N], write weighting w and
    /// last step's precedence p [B, N].
    /// </summary>
    public static Tensor Link(Tensor links, Tensor writeWeighting, Tensor precedence)
    {
        Tensor to = writeWeighting.unsqueeze(2), from = writeWeighting.unsqueeze(1);        // (B, N, 1), (B, 1, N)
        Tensor linked = (1 - to - from) * links + to * precedence.unsqueeze(1);
        return linked * (1 - eye(links.shape[1], links.shape[1], links.dtype, links.device));
    }

    /// <summary>p_t = (1 - sum w) p_{t-1} + w: all [B, N].</summary>
    public static Tensor Precedence(Tensor precedence, Tensor writeWeighting) =>
        (1 - writeWeighting.sum(-1, keepdim: true)) * precedence + writeWeighting;

    /// <summary>f^r = L w^r_{t-1}, where to go on: weightings [B, R, N].</summary>
    public static Tensor Forward(Tensor links, Tensor readWeightings) => readWeightings.matmul(links.transpose(1, 2));

    /// <summary>b^r = L^T w^r_{t-1}, where to go back: weightings [B, R, N].</summary>
    public static Tensor Backward(Tensor links, Tensor readWeightings) => readWeightings.matmul(links);
}
