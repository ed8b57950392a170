using Microsoft.ML.NTM.Onnx.Graphs;

namespace Microsoft.ML.NTM.Onnx.Networks;

/// <summary>
/// How heads find their place, as operators. Hd heads are addressed together; a weighting is [B, Hd, N], a memory [B, N, M].
/// </summary>
internal static class Addressing
{
    /// <summary>Added to |u||v| in the cosine; a DNC's least usage.</summary>
    public const float Epsilon = 1e-6f;

    /// <summary>w_c = softmax_i(beta cos(k, M(i))), cos(u, v) = u.v / (|u||v| + eps): keys [B, Hd, M], strengths [B, Hd, 1].</summary>
    public static Value Content(Value memory, Value keys, Value strengths)
    {
        Value dots = keys.MatMul(memory.Transpose(0, 2, 1));
        Value norms = keys.Norm() * memory.Norm().Transpose(0, 2, 1);
        return (strengths * (dots / (norms + Epsilon))).Softmax();
    }

    /// <summary>
    /// The same with key and memory seen through a mask per head [B, Hd, M]: sums over m of mask^2 k M and of (mask M)^2.
    /// </summary>
    public static Value MaskedContent(Value memory, Value keys, Value strengths, Value masks)
    {
        Value masked = keys * masks;
        Value dots = (masked * masks).MatMul(memory.Transpose(0, 2, 1));
        Value slots = (masks * masks).MatMul((memory * memory).Transpose(0, 2, 1)).Sqrt();
        return (strengths * (dots / (masked.Norm() * slots + Epsilon))).Softmax();
    }

    /// <summary>g a + (1 - g) b.</summary>
    public static Value Interpolate(Value a, Value b, Value gate) => gate * a + (1f - gate) * b;

    /// <summary>w_s(i) = sum_j w((i - j) mod N) s(j): shifts -S..S in [B, Hd, 2S + 1].</summary>
    public static Value Shift(Value weightings, Value shifts, int slots, int range)
    {
        if (range == 0)
            return weightings * shifts;
        int count = 2 * range + 1;
        var from = new long[slots * count];
        for (int i = 0; i < slots; i++)
        {
            for (int j = -range; j <= range; j++)
                from[i * count + j + range] = ((i - j) % slots + slots) % slots;
        }
        Value moved = weightings.Gather(weightings.Graph.Longs(from, slots, count), axis: 2);    // [B, Hd, N, 2S + 1]
        return moved.MatMul(shifts.Unsqueeze(-1)).Squeeze(-1);
    }

    /// <summary>((w + eps) / max(w + eps))^gamma, normalised, or w^gamma / (sum w^gamma + eps): exponents [B, Hd, 1].</summary>
    public static Value Sharpen(Value weightings, Value exponents, NetworkSpec spec)
    {
        if (spec.SharpeningEpsilonPlace == SharpeningEpsilonPlace.AfterPower)
        {
            Value raised = weightings.Pow(exponents);
            return raised / (raised.Reduce("ReduceSum", -1) + spec.SharpeningEpsilon);
        }
        Value positive = weightings + spec.SharpeningEpsilon;
        Value power = (positive / positive.Reduce("ReduceMax", -1)).Pow(exponents);
        return power / power.Reduce("ReduceSum", -1);
    }
}
