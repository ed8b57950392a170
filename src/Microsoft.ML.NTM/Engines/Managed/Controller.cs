using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>What feeds a layer besides the input: part of the last step's state, or the layer below at this step.</summary>
/// <param name="Weight">The affine map's part.</param>
/// <param name="Offset">Where in the state row the part starts.</param>
/// <param name="Delay">1: the state before the step, 0: the one that the step makes.</param>
internal readonly record struct Connection<V>(Weight<V> Weight, int Offset, int Delay)
    where V : unmanaged, ILanes<V>;

/// <summary>
/// The controller: LSTM layers or one hidden layer. Each layer's gates are an affine map of the input (all steps in one product, before the
/// first), of what <see cref="Connection{V}"/>s bring at each step, and of its bias.
/// </summary>
internal sealed unsafe class Controller<V>
    where V : unmanaged, ILanes<V>
{
    private readonly NetworkShape _shape;
    private readonly float _clip;

    public Controller(NetworkShape shape, ParameterLayout layout)
    {
        (_shape, _clip) = (shape, shape.Spec.ControllerClip);
        int[] order = shape.IsLstm ? LstmGates<V>.Order(shape.Units) : [.. Enumerable.Range(0, shape.Units)];
        string input = shape.IsLstm ? "controller.0.weight_ih" : "controller.0.weight";
        Input = new Weight<V>(order, [Columns(layout, input, 0, shape.Spec.InputSize)], needsBackward: false);
        Biases = new Bias<V>[shape.Layers];
        Connections = new Connection<V>[shape.Layers][];
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            Biases[layer] = new Bias<V>(layout[$"controller.{layer}.bias"].Offset, order);
            Connections[layer] = [.. Connect(layer, order, layout)];
        }
    }

    /// <summary>The first layer's map of the input.</summary>
    public Weight<V> Input { get; }

    /// <summary>Per layer.</summary>
    public Bias<V>[] Biases { get; }

    /// <summary>Per layer.</summary>
    public Connection<V>[][] Connections { get; }

    /// <summary>Takes the controller's parameters.</summary>
    public void Pack(float* parameters, bool training)
    {
        Input.Pack(parameters, training);
        for (int layer = 0; layer < _shape.Layers; layer++)
        {
            Biases[layer].Pack(parameters);
            foreach (Connection<V> from in Connections[layer])
                from.Weight.Pack(parameters, training);
        }
    }

    /// <summary>Fills the gates with bias and input of all steps.</summary>
    public void Project(SubBatch rows)
    {
        int all = checked(rows.Steps * rows.Rows);
        for (int layer = 0; layer < _shape.Layers; layer++)
            Biases[layer].Fill(rows.Gates[layer].Pointer, rows.Gates[layer].Stride, all);
        Input.Forward(rows.Inputs.Pointer, rows.Inputs.Stride, all, rows.Gates[0].Pointer, rows.Gates[0].Stride);
    }

    /// <summary>h of one step, all layers, for the first <paramref name="running"/> rows.</summary>
    public void Forward(SubBatch rows, Workspace work, int step, int running)
    {
        Tape states = rows.States;
        for (int layer = 0; layer < _shape.Layers; layer++)
        {
            Tape gates = rows.Gates[layer];
            foreach (Connection<V> from in Connections[layer])
            {
                float* x = states.Row(step + 1 - from.Delay, 0) + from.Offset;
                from.Weight.Forward(x, states.Stride, running, gates.Row(step, 0), gates.Stride);
            }
            for (int row = 0; row < running; row++)
            {
                float* z = gates.Row(step, row), h = states.Row(step + 1, row) + layer * _shape.Units;
                if (_shape.IsLstm)
                {
                    LstmGates<V>.Forward(z, work.Cells[layer].Row(step, row), work.Cells[layer].Row(step + 1, row),
                        work.CellTanhs[layer].Row(step, row), h, _shape.Units, _clip);
                }
                else
                    HiddenLayer<V>.Forward(z, h, _shape.Units, _clip);
            }
        }
    }

    /// <summary>
    /// From the derivative by a step's h: the gates become the derivative by what they were made of, and the state before the step
    /// receives its part.
    /// </summary>
    public void Backward(SubBatch rows, Workspace work, int step, int running)
    {
        Tape dStates = work.DStates;
        for (int layer = _shape.Layers - 1; layer >= 0; layer--)
        {
            Tape gates = rows.Gates[layer];
            for (int row = 0; row < running; row++)
            {
                float* z = gates.Row(step, row), dh = dStates.Row(step + 1, row) + layer * _shape.Units;
                if (_shape.IsLstm)
                {
                    LstmGates<V>.Backward(z, work.Cells[layer].Row(step, row), work.CellTanhs[layer].Row(step, row), dh,
                        work.DCells[layer].Row(0, row), _shape.Units, _clip);
                }
                else
                    HiddenLayer<V>.Backward(z, dh, _shape.Units, _clip);
            }
            foreach (Connection<V> from in Connections[layer])
            {
                float* dx = dStates.Row(step + 1 - from.Delay, 0) + from.Offset;
                from.Weight.Backward(gates.Row(step, 0), gates.Stride, running, dx, dStates.Stride);
            }
        }
    }

    private IEnumerable<Connection<V>> Connect(int layer, int[] order, ParameterLayout layout)
    {
        NetworkSpec spec = _shape.Spec;
        int units = _shape.Units, inputs = spec.InputSize, reads = spec.ReadSize;
        if (!_shape.IsLstm)
        {
            if (reads > 0)
                yield return new(new Weight<V>(order, [Columns(layout, "controller.0.weight", inputs, reads)]), spec.HiddenSize, 1);
            yield break;
        }
        string ih = $"controller.{layer}.weight_ih", hh = $"controller.{layer}.weight_hh";
        if (layer > 0)
            yield return new(new Weight<V>(order, [Columns(layout, ih, 0, units)]), (layer - 1) * units, 0);
        // With one layer, [h ; r] stands in the state as the product needs it.
        bool together = layer == 0 && _shape.Layers == 1 && reads > 0;
        WeightPiece own = Columns(layout, hh, 0, units);
        yield return new(new Weight<V>(order, together ? [own, Columns(layout, ih, inputs, reads)] : [own]), layer * units, 1);
        if (layer == 0 && reads > 0 && !together)
            yield return new(new Weight<V>(order, [Columns(layout, ih, inputs, reads)]), spec.HiddenSize, 1);
    }

    private static WeightPiece Columns(ParameterLayout layout, string name, int first, int count) =>
        new(layout[name].Offset, layout[name].Shape[1], first, count);
}
