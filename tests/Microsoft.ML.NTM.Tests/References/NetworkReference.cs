using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.References;

/// <summary>Any network on any batch, row by row, so that rows and padding cannot touch one another: outputs and loss.</summary>
internal static class NetworkReference
{
    /// <summary>[T, B, O]: logits where a row answers, NaN elsewhere.</summary>
    public static double[] Logits(NetworkSpec spec, SequenceBatch batch, double[] parameters, bool answersAfterInput = false)
    {
        var logits = new double[batch.Steps * batch.Rows * spec.OutputSize];
        Array.Fill(logits, double.NaN);
        for (int row = 0; row < batch.Rows; row++)
        {
            double[][] outputs = Outputs(new ReferenceParameters(spec, parameters),
                Inputs(new ReferenceParameters(spec, parameters), batch, row), answersAfterInput);
            for (int step = batch.OutputStarts[row]; step < batch.Lengths[row]; step++)
                outputs[step].CopyTo(logits, (step * batch.Rows + row) * spec.OutputSize);
        }
        return logits;
    }

    /// <summary>The outputs of every step: [T][O].</summary>
    public static double[][] Outputs(ReferenceParameters parameters, double[][] inputs, bool answersAfterInput = false) =>
        parameters.Spec.Bidirectional ? BidirectionalReference.Outputs(parameters, inputs, answersAfterInput) : Outputs(parameters, inputs);

    private static double[][] Outputs(ReferenceParameters parameters, double[][] inputs) => parameters.Spec.Kind switch
    {
        NetworkKind.Ntm => Run(NtmStateReference.Initial(parameters), (s, x) => s.Step(parameters, x), s => s.Output(parameters), inputs),
        NetworkKind.Dnc => Run(DncStateReference.Initial(parameters), (s, x) => s.Step(parameters, x), s => s.Output(parameters), inputs),
        _ => Run(ControllerReference.Initial(parameters), (s, x) => s.Step(parameters, x), s => parameters.Affine("output", s.Output),
            inputs),
    };

    /// <summary>Per scored element, times the row's weight, summed, over B.</summary>
    public static double Loss(NetworkSpec spec, SequenceSpec sequence, SequenceBatch batch, double[] parameters)
    {
        double[] logits = Logits(spec, batch, parameters, sequence.AnswersAfterInput);
        double total = 0;
        for (int row = 0; row < batch.Rows; row++)
        {
            for (int step = batch.OutputStarts[row]; step < batch.Lengths[row]; step++)
            {
                double[] answer = logits[((step * batch.Rows + row) * spec.OutputSize)..][..spec.OutputSize];
                total += batch.Weight(step, row) * StepLoss(sequence, answer, batch.Target(step, row).ToArray());
            }
        }
        return total / batch.Rows;
    }

    /// <summary>The loss of one answer [O] against its targets [K]; NaN targets count nothing.</summary>
    public static double StepLoss(SequenceSpec sequence, double[] logits, float[] targets)
    {
        double sum = 0;
        for (int k = 0; k < targets.Length; k++)
        {
            if (float.IsNaN(targets[k]))
                continue;
            int classes = logits.Length / targets.Length;
            sum += sequence.Loss switch
            {
                SequenceLoss.BinaryCrossEntropy => ReferenceMath.Softplus(logits[k]) - targets[k] * logits[k],
                SequenceLoss.SquaredError => Math.Pow(logits[k] - targets[k], 2),
                _ => -Math.Log(ReferenceMath.Softmax(logits[(k * classes)..][..classes])[(int)targets[k]]),
            };
        }
        return sum;
    }

    private static double[][] Run<TState>(TState state, Func<TState, double[], TState> next, Func<TState, double[]> output,
        double[][] inputs)
    {
        var outputs = new double[inputs.Length][];
        for (int step = 0; step < inputs.Length; step++)
        {
            state = next(state, inputs[step]);
            outputs[step] = output(state);
        }
        return outputs;
    }

    // [T][D]: the keys' rows of the table side by side, zeros for a missing one, then the numbers.
    private static double[][] Inputs(ReferenceParameters parameters, SequenceBatch batch, int row) =>
        [.. Enumerable.Range(0, batch.Lengths[row])
            .Select(step => batch.Key(step, row).ToArray().SelectMany(key => Embedding(parameters, key))
            .Concat(batch.Input(step, row)[parameters.Spec.EmbeddedSize..].ToArray().Select(x => (double)x)).ToArray())];

    private static double[] Embedding(ReferenceParameters parameters, int key)
    {
        int size = parameters.Spec.EmbeddingSize;
        return key == 0 ? new double[size] : parameters["embedding.weight"][((key - 1) * size)..(key * size)];
    }
}
