using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>
/// Which slots of a DNC's memory are in use, and which are free to write (Nature 538:471, Methods, "Dynamic memory allocation").
/// </summary>
internal static class Allocation
{
    /// <summary>Least usage in the product over fuller slots: keeps its gradient from vanishing at empty slots.</summary>
    public const double UsageEpsilon = 1e-6;

    /// <summary>psi = prod_r (1 - f^r w_{t-1}^r): what the free gates [B, R, 1] leave of what was read [B, R, N]: [B, N].</summary>
    public static Tensor Retention(Tensor freeGates, Tensor readWeightings)
    {
        Tensor retention = ones_like(readWeightings.select(1, 0));
        for (long head = 0; head < readWeightings.shape[1]; head++)
            retention = retention * (1 - freeGates.select(1, head) * readWeightings.select(1, head));
        return retention;
    }

    /// <summary>u_t = (u_{t-1} + w^w_{t-1} - u_{t-1} w^w_{t-1}) psi: all [B, N].</summary>
    public static Tensor Usage(Tensor usage, Tensor writeWeighting, Tensor retention) =>
        (usage + writeWeighting - usage * writeWeighting) * retention;

    /// <summary>
    /// a[phi_j] = (1 - u'[phi_j]) prod_{i &lt; j} u'[phi_i], with phi the slots by increasing usage, ties by index, and
    /// u' = eps + (1 - eps) u; the order is a constant for the gradient: [B, N].
    /// </summary>
    public static Tensor Weighting(Tensor usage)
    {
        (_, Tensor order) = sort(usage.detach(), dim: -1, descending: false, stable: true);
        Tensor sorted = (UsageEpsilon + (1 - UsageEpsilon) * usage).gather(-1, order);
        return zeros_like(usage).scatter(-1, order, (1 - sorted) * ExclusiveProduct(sorted));
    }

    // The product of all before, 1 at the first: (B, N)
    private static Tensor ExclusiveProduct(Tensor values)
    {
        Tensor first = ones_like(values.narrow(-1, 0, 1));
        return cat([first, values.narrow(-1, 0, values.shape[^1] - 1)], dim: -1).cumprod(-1);
    }
}
