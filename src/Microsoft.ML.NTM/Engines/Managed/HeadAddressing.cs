using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// Where one head points after a step: content, interpolation, shift, sharpening (arXiv:1410.5401, section 3.3), and the way back. Rows over
/// slots are padded with zeros.
/// </summary>
internal sealed unsafe class HeadAddressing<V>(NetworkShape shape)
    where V : unmanaged, ILanes<V>
{
    private readonly int _slots = shape.Spec.MemorySlots;
    private readonly int _range = shape.Spec.ShiftRange;

    /// <summary>From the key's dots with the slots, in <see cref="HeadTrace.Cosines"/>, to the weighting [N].</summary>
    public void Forward(float* head, HeadTrace trace, float* norms, float* previous, float* weighting)
    {
        Content<V>.Cosines(trace.Cosines, norms, trace.KeyNorm, _slots);
        Weightings<V>.Softmax(trace.Cosines, head[shape.StrengthOffset], _slots, trace.Content);
        Weightings<V>.Interpolate(trace.Content, previous, head[shape.GateOffset], _slots, trace.Circle + _range);
        Weightings<V>.CloseCircle(trace.Circle, _range, _slots);
        Weightings<V>.Shift(trace.Circle, head + shape.ShiftOffset, _range, _slots, trace.Shifted);
        Weightings<V>.Sharpen(trace.Shifted, head[shape.SharpeningOffset], _slots, trace.Logarithms, weighting);
    }

    /// <summary>
    /// From dw [N] to the derivative by the key's dots, in the scratch's row of the head, by the last weighting (in place of dw), and by the
    /// head's scalars; the result is the derivative by |k|.
    /// </summary>
    public float Backward(
        int index, float* head, HeadTrace trace, float* norms, float* previous, float* weighting, float* dWeighting,
        HeadScratch scratch, float* dHead)
    {
        float* dDots = scratch.DDots(index), dCircle = scratch.DCircle;
        float strength = head[shape.StrengthOffset], gate = head[shape.GateOffset], gamma = head[shape.SharpeningOffset];
        dHead[shape.SharpeningOffset] = Weightings<V>.SharpenBackward(
            trace.Shifted, gamma, trace.Logarithms, weighting, dWeighting, _slots, dCircle + _range);
        Weightings<V>.CloseCircle(dCircle, _range, _slots);
        Weightings<V>.ShiftBackward(
            trace.Circle, head + shape.ShiftOffset, dCircle, _range, _slots, dDots, dHead + shape.ShiftOffset);
        dHead[shape.GateOffset] = Weightings<V>.InterpolateBackward(trace.Content, previous, gate, dDots, dWeighting, _slots);
        dHead[shape.StrengthOffset] = Weightings<V>.SoftmaxBackward(trace.Cosines, strength, trace.Content, dDots, _slots);
        return Content<V>.CosinesBackward(dDots, trace.Cosines, norms, trace.KeyNorm, _slots, scratch.PerValue);
    }
}
