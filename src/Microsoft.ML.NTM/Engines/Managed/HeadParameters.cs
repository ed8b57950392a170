using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// One head's raw parameters made into what they mean, in place (arXiv:1410.5401, section 3.3): key (through tanh where asked), strength
/// softplus, gate sigma, shifts softmax, sharpening 1 + softplus, erase sigma, add as it is; and the derivative by the raw ones.
/// </summary>
internal sealed unsafe class HeadParameters<V>(NetworkShape shape)
    where V : unmanaged, ILanes<V>
{
    private readonly int _width = shape.Spec.MemoryWidth;
    private readonly int _shifts = 2 * shape.Spec.ShiftRange + 1;
    private readonly bool _keyTanh = shape.Spec.KeyTanh;
    private readonly bool _erases = shape.Spec.WriteRule == MemoryWriteRule.EraseAdd;

    /// <summary>Activates a head's parameters [P of the head] and keeps the slopes that the results do not show.</summary>
    public void Activate(float* head, bool writes, HeadTrace trace)
    {
        if (_keyTanh)
            Elementwise<V>.Tanh(head, head, _width);
        head[shape.StrengthOffset] = Softplus(head[shape.StrengthOffset], out trace.StrengthSlope);
        head[shape.GateOffset] = Sigmoid(head[shape.GateOffset]);
        Softmax(head + shape.ShiftOffset, _shifts);
        head[shape.SharpeningOffset] = 1f + Softplus(head[shape.SharpeningOffset], out trace.SharpeningSlope);
        if (writes && _erases)
            Elementwise<V>.Sigmoid(head + shape.EraseOffset, head + shape.EraseOffset, _width);
        trace.KeyNorm = MathF.Sqrt(Elementwise<V>.Dot(head, head, _width));
    }

    /// <summary>The derivatives by what a head's parameters mean become those by the raw ones, in place of <paramref name="dHead"/>.</summary>
    public void Backward(float* head, bool writes, HeadTrace trace, float* dHead)
    {
        if (_keyTanh)
            Elementwise<V>.TanhBackward(head, dHead, _width);
        float gate = head[shape.GateOffset];
        dHead[shape.StrengthOffset] *= trace.StrengthSlope;
        dHead[shape.GateOffset] *= gate * (1f - gate);
        SoftmaxBackward(head + shape.ShiftOffset, dHead + shape.ShiftOffset, _shifts);
        dHead[shape.SharpeningOffset] *= trace.SharpeningSlope;
        if (writes && _erases)
            Elementwise<V>.SigmoidBackward(head + shape.EraseOffset, dHead + shape.EraseOffset, _width);
    }

    // ln(1 + e^x) and its slope sigma(x), by way of double precision: a head has but two of them.
    private static float Softplus(float x, out float slope)
    {
        double e = Math.Exp(-Math.Abs((double)x));
        slope = (float)((x >= 0 ? 1 : e) / (1 + e));
        return (float)(Math.Max(x, 0) + Math.Log(1 + e));
    }

    private static float Sigmoid(float x) => 1f / (1f + MathF.Exp(-x));

    private static void Softmax(float* x, int count)
    {
        float largest = x[0], sum = 0;
        for (int i = 1; i < count; i++)
            largest = Math.Max(largest, x[i]);
        for (int i = 0; i < count; i++)
            sum += x[i] = MathF.Exp(x[i] - largest);
        for (int i = 0; i < count; i++)
            x[i] /= sum;
    }

    private static void SoftmaxBackward(float* y, float* dy, int count)
    {
        float product = 0;
        for (int i = 0; i < count; i++)
            product += y[i] * dy[i];
        for (int i = 0; i < count; i++)
            dy[i] = y[i] * (dy[i] - product);
    }
}
