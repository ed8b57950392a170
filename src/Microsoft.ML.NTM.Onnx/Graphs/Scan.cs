using static Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper;
using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Onnx.Graphs;

/// <summary>A loop over time as ONNX's Scan.</summary>
internal static class Scan
{
    /// <summary>What one step makes of its input and the states: the next states, and what the step gives.</summary>
    public delegate (Value[] Next, Value Output) Step(Value input, Value[] states);

    /// <summary>
    /// Runs <paramref name="step"/> over the first dimension of <paramref name="inputs"/>; returns what the steps gave, one behind
    /// another.
    /// </summary>
    public static Value Run(Value inputs, Value[] initial, Step step)
    {
        OnnxGraph body = inputs.Graph.Inner();
        body.Message.Name = body.Name("step");
        Value[] states = [.. initial.Select(_ => Input(body))];
        Value input = Input(body);
        (Value[] next, Value output) = step(input, states);
        // What a step gives may be one of its states; no two outputs of a graph have the same name.
        output = body.Add("Identity", [output]);
        foreach (Value result in next.Append(output))
            body.Message.Output.Add(Described(result.Name));
        return inputs.Graph.AddMany("Scan", [.. initial, inputs], initial.Length + 1, ("num_scan_inputs", 1), ("body", body.Message))[^1];
    }

    /// <summary>A single-precision tensor of any shape.</summary>
    private static ValueInfoProto Described(string name) =>
        new() { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } } };

    private static Value Input(OnnxGraph body)
    {
        Value input = body.Named(body.Name("in"));
        body.Message.Input.Add(Described(input.Name));
        return input;
    }
}
