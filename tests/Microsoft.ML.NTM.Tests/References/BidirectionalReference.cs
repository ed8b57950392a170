namespace Microsoft.ML.NTM.Tests.References;

/// <summary>An LSTM that reads both ways, for one row.</summary>
internal static class BidirectionalReference
{
    /// <summary>
    /// The outputs of every step, [T][O]; where answers come after the input, the reverse directions' part is what they end with.
    /// </summary>
    public static double[][] Outputs(ReferenceParameters parameters, double[][] inputs, bool answersAfterInput)
    {
        double[][] seen = inputs, outputs = [.. inputs.Select(_ => Array.Empty<double>())];
        for (int layer = 0; layer < parameters.Spec.ControllerLayers; layer++)
        {
            double[][] forward = Read(parameters, layer, "", seen);
            double[][] reverse = [.. Read(parameters, layer, "_reverse", [.. seen.Reverse()]).Reverse()];
            seen = [.. forward.Zip(reverse, (there, back) => (double[])[.. there, .. back])];
            outputs = [.. outputs.Select((before, step) =>
                (double[])[.. before, .. forward[step], .. reverse[answersAfterInput ? 0 : step]])];
        }
        return [.. outputs.Select(hidden => parameters.Affine("output", hidden))];
    }

    private static double[][] Read(ReferenceParameters parameters, int layer, string suffix, double[][] inputs)
    {
        double[] hidden = parameters[$"initial.hidden{suffix}.{layer}"], cell = parameters[$"initial.cell{suffix}.{layer}"];
        return [.. inputs.Select(input =>
        {
            (hidden, cell) = ControllerReference.Cells(parameters, layer, suffix, input, hidden, cell);
            return hidden;
        })];
    }
}
