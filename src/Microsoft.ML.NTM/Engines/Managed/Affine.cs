using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>y = W x + b as it stands in the parameters <c>name.weight</c> and <c>name.bias</c>.</summary>
internal sealed unsafe class Affine<V>
    where V : unmanaged, ILanes<V>
{
    public Affine(ParameterLayout layout, string name)
    {
        ParameterSlice weight = layout[name + ".weight"];
        int outputs = weight.Shape[0], inputs = weight.Shape[1];
        int[] order = [.. Enumerable.Range(0, outputs)];
        Weight = new Weight<V>(order, [new WeightPiece(weight.Offset, inputs, 0, inputs)]);
        Bias = new Bias<V>(layout[name + ".bias"].Offset, order);
    }

    public Weight<V> Weight { get; }

    public Bias<V> Bias { get; }

    public void Pack(float* parameters, bool training)
    {
        Weight.Pack(parameters, training);
        Bias.Pack(parameters);
    }

    /// <summary>y = W x + b for <paramref name="rows"/> rows.</summary>
    public void Forward(float* x, int xStride, int rows, float* y, int yStride)
    {
        Bias.Fill(y, yStride, rows);
        Weight.Forward(x, xStride, rows, y, yStride);
    }
}
