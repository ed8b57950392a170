using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// A few rows of a batch that run together, and what the weights' gradients need of them: what went into each product, and the derivative by
/// what came out (which takes the place of what came out). State rows stand one step later than the rest: step 0 is the start.
/// </summary>
internal sealed unsafe class SubBatch
{
    /// <summary>Rows that run together: enough to fill the registers of a product's tile. The sums' order depends on it.</summary>
    public const int MaximumRows = 8;

    private SequenceBatch? _batch;

    public SubBatch(NetworkShape shape)
    {
        Inputs = new Tape(NetworkShape.RowStride(shape.Spec.InputSize));
        States = new Tape(NetworkShape.RowStride(shape.StateSize));
        Gates = new Tape[shape.Layers];
        for (int layer = 0; layer < Gates.Length; layer++)
            Gates[layer] = new Tape(NetworkShape.RowStride(shape.GateSize));
        Heads = new Tape(NetworkShape.RowStride(shape.HeadsSize));
        Outputs = new Tape(NetworkShape.RowStride(shape.Spec.OutputSize));
        Start = new StartGradient(shape);
    }

    /// <summary>x_t: [T, B, D].</summary>
    public Tape Inputs { get; }

    /// <summary>[h ; r], state t + 1 after step t: [T + 1, B, L*H + R*M].</summary>
    public Tape States { get; }

    /// <summary>Per layer what makes its units; in the end the derivative by it: [T, B, 4H or H].</summary>
    public Tape[] Gates { get; }

    /// <summary>Head parameters; in the end the derivative by the raw ones: [T, B, P].</summary>
    public Tape Heads { get; }

    /// <summary>Logits; in the end the derivative by them: [T, B, O].</summary>
    public Tape Outputs { get; }

    /// <summary>What the start of these rows receives, summed over them.</summary>
    public StartGradient Start { get; }

    /// <summary>The batch that the rows are of.</summary>
    public SequenceBatch Batch => _batch ?? throw new InvalidOperationException("The sub-batch has no rows yet.");

    /// <summary>The batch's row that is row 0 here.</summary>
    public int FirstRow { get; private set; }

    /// <summary>Rows (B).</summary>
    public int Rows { get; private set; }

    /// <summary>Steps of the longest row (T).</summary>
    public int Steps { get; private set; }

    /// <summary>The first step at which a row answers.</summary>
    public int FirstAnswer { get; private set; }

    /// <summary>The rows' losses, weighted and summed, not yet averaged over the batch.</summary>
    public double Loss { get; set; }

    /// <summary>Steps of a row.</summary>
    public int Length(int row) => Batch.Lengths[FirstRow + row];

    /// <summary>Rows that run at a step, which are the first ones; at most <paramref name="rows"/>.</summary>
    public int Running(int step, int rows)
    {
        while (rows > 0 && Length(rows - 1) <= step)
            rows--;
        return rows;
    }

    /// <summary>Takes rows of a batch in. Where a row has ended its states are 0.</summary>
    public void Take(SequenceBatch batch, int firstRow, int rows)
    {
        (_batch, FirstRow, Rows, Steps, Loss) = (batch, firstRow, rows, batch.Lengths[firstRow], 0);
        FirstAnswer = Steps;
        for (int row = 0; row < rows; row++)
            FirstAnswer = Math.Min(FirstAnswer, batch.OutputStarts[firstRow + row]);
        Inputs.Reset(Steps, rows);
        States.Reset(Steps + 1, rows);
        foreach (Tape gates in Gates)
            gates.Reset(Steps, rows);
        Heads.Reset(Steps, rows);
        Outputs.Reset(Steps, rows);
        int size = batch.InputSize, padded = LaneMasks.Padded(size);
        for (int step = 0; step < Steps; step++)
        {
            for (int row = 0; row < rows; row++)
            {
                var to = new Span<float>(Inputs.Row(step, row), padded);
                if (step < Length(row))
                {
                    batch.Input(step, firstRow + row).CopyTo(to);
                    to[size..].Clear();
                    continue;
                }
                to.Clear();
                States.Clear(step + 1, row);
            }
        }
    }

    /// <summary>Sets the derivatives of steps after a row's end to 0.</summary>
    public void ClearEnded()
    {
        for (int step = Length(Rows - 1); step < Steps; step++)
        {
            for (int row = Running(step, Rows); row < Rows; row++)
            {
                foreach (Tape gates in Gates)
                    gates.Clear(step, row);
                Heads.Clear(step, row);
            }
        }
    }
}
