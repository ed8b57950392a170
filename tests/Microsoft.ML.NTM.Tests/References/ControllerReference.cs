using static Microsoft.ML.NTM.Tests.References.ReferenceMath;

namespace Microsoft.ML.NTM.Tests.References;

/// <summary>Controllers for one row. Hidden and cell are [L][H]; no cells in a feed-forward controller.</summary>
internal sealed record ControllerReference(double[][] Hidden, double[][] Cell)
{
    public double[] Output => [.. Hidden.SelectMany(layer => layer)];

    public static ControllerReference Initial(ReferenceParameters parameters)
    {
        NetworkSpec spec = parameters.Spec;
        if (spec.Controller == ControllerKind.FeedForward)
            return new([new double[spec.ControllerSize]], []);
        var layers = Enumerable.Range(0, spec.ControllerLayers);
        return new([.. layers.Select(l => Start($"initial.hidden.{l}"))], [.. layers.Select(l => Start($"initial.cell.{l}"))]);

        double[] Start(string name) => parameters.Has(name) ? parameters[name] : new double[spec.ControllerSize];
    }

    public ControllerReference Step(ReferenceParameters parameters, double[] input)
    {
        NetworkSpec spec = parameters.Spec;
        if (spec.Controller == ControllerKind.FeedForward)
            return new([[.. parameters.Affine("controller.0", input).Select(x => Clip(Math.Tanh(x), spec))]], []);
        var hidden = new double[spec.ControllerLayers][];
        var cell = new double[spec.ControllerLayers][];
        for (int l = 0; l < hidden.Length; l++)
        {
            double[] seen = l == 0 ? input : spec.Kind == NetworkKind.Dnc ? [.. input, .. hidden[l - 1]] : hidden[l - 1];
            (hidden[l], cell[l]) = Layer(parameters, l, seen);
        }
        return new(hidden, cell);
    }

    // Gates in the order i, f, g, o; c = f c + i g; h = o tanh(c), clipped.
    private (double[] Hidden, double[] Cell) Layer(ReferenceParameters parameters, int layer, double[] input)
    {
        return Cells(parameters, layer, "", input, Hidden[layer], Cell[layer]);
    }

    /// <summary>One step of an LSTM layer: h and c.</summary>
    public static (double[] Hidden, double[] Cell) Cells(ReferenceParameters parameters, int layer, string suffix, double[] input,
        double[] before, double[] cellBefore)
    {
        int size = parameters.Spec.ControllerSize;
        double[] own = Affine(parameters[$"controller.{layer}.weight_ih{suffix}"], parameters[$"controller.{layer}.bias{suffix}"], input);
        double[] recurrent = Affine(parameters[$"controller.{layer}.weight_hh{suffix}"], null, before);
        var hidden = new double[size];
        var cell = new double[size];
        for (int u = 0; u < size; u++)
        {
            double Gate(int index) => own[index * size + u] + recurrent[index * size + u];
            cell[u] = Sigmoid(Gate(1)) * cellBefore[u] + Sigmoid(Gate(0)) * Math.Tanh(Gate(2));
            hidden[u] = Clip(Sigmoid(Gate(3)) * Math.Tanh(cell[u]), parameters.Spec);
        }
        return (hidden, cell);
    }

    private static double Clip(double x, NetworkSpec spec) => Math.Clamp(x, -spec.ControllerClip, spec.ControllerClip);
}
