using DataType = Microsoft.ML.Model.OnnxConverter.OnnxCSharpToProtoWrapper.TensorProto.Types.DataType;

namespace Microsoft.ML.NTM.Onnx.Graphs;

/// <summary>
/// A tensor in a graph. What is done with it becomes nodes of its graph, so that equations read as they are written; two-sided operators
/// broadcast as ONNX does.
/// </summary>
/// <param name="Graph">The graph that nodes are added to.</param>
/// <param name="Name">What the tensor is called there; empty: an input that is left out.</param>
internal readonly record struct Value(OnnxGraph Graph, string Name)
{
    public static Value operator +(Value left, Value right) => left.Binary("Add", right);
    public static Value operator +(Value left, float right) => left.Binary("Add", left.Graph.Float(right));
    public static Value operator -(Value left, Value right) => left.Binary("Sub", right);
    public static Value operator -(float left, Value right) => right.Graph.Float(left).Binary("Sub", right);
    public static Value operator *(Value left, Value right) => left.Binary("Mul", right);
    public static Value operator /(Value left, Value right) => left.Binary("Div", right);

    /// <summary>A binary operator by its ONNX name.</summary>
    public Value Binary(string operation, Value right) => Graph.Add(operation, [this, right]);

    public Value MatMul(Value right) => Binary("MatMul", right);
    public Value Pow(Value exponent) => Binary("Pow", exponent);
    public Value Less(Value than) => Binary("Less", than);
    public Value Equal(Value to) => Binary("Equal", to);

    public Value Sigmoid() => Graph.Add("Sigmoid", [this]);
    public Value Tanh() => Graph.Add("Tanh", [this]);
    public Value Softplus() => Graph.Add("Softplus", [this]);
    public Value Sqrt() => Graph.Add("Sqrt", [this]);
    public Value Abs() => Graph.Add("Abs", [this]);
    public Value Sign() => Graph.Add("Sign", [this]);
    public Value Log() => Graph.Add("Log", [this]);
    public Value IsNaN() => Graph.Add("IsNaN", [this]);

    /// <summary>1 + log(1 + e^x).</summary>
    public Value OnePlus() => Softplus() + 1f;

    /// <summary>Over the last dimension.</summary>
    public Value Softmax() => Graph.Add("Softmax", [this], ("axis", -1));

    public Value Clip(float limit) => Graph.Add("Clip", [this, Graph.Floats([-limit]), Graph.Floats([limit])]);

    /// <summary>A reduction by its ONNX name, over one dimension.</summary>
    public Value Reduce(string operation, long axis, bool keep = true) =>
        Graph.Add(operation, [this], ("axes", new[] { axis }), ("keepdims", keep ? 1 : 0));

    /// <summary>The length of the vectors in the last dimension, which stays as 1.</summary>
    public Value Norm() => Reduce("ReduceL2", -1);

    /// <summary>Another shape: 0 keeps a dimension, -1 is what is left.</summary>
    public Value Reshape(params ReadOnlySpan<long> shape) => Graph.Add("Reshape", [this, Graph.Longs(shape)]);

    public Value Reshape(Value shape) => Graph.Add("Reshape", [this, shape]);
    public Value Transpose(params long[] order) => Graph.Add("Transpose", [this], ("perm", order));
    public Value Unsqueeze(long axis) => Graph.Add("Unsqueeze", [this], ("axes", new[] { axis }));
    public Value Squeeze(long axis) => Graph.Add("Squeeze", [this], ("axes", new[] { axis }));
    public Value Expand(Value shape) => Graph.Add("Expand", [this, shape]);

    /// <summary>Rows of this table, or elements along <paramref name="axis"/>.</summary>
    public Value Gather(Value indices, long axis = 0) => Graph.Add("Gather", [this, indices], ("axis", axis));

    /// <summary>Cut along the last dimension; empty parts are left out of the node and come back unnamed.</summary>
    public Value[] Split(params long[] sizes)
    {
        long[] parts = [.. sizes.Where(size => size > 0)];
        Value[] pieces = parts.Length == 1 ? [this] : Graph.AddMany("Split", [this], parts.Length, ("axis", -1), ("split", parts));
        var results = new Queue<Value>(pieces);
        return [.. sizes.Select(size => size > 0 ? results.Dequeue() : default)];
    }

    /// <summary>Side by side along <paramref name="axis"/>.</summary>
    public static Value Concat(long axis, params ReadOnlySpan<Value> parts) =>
        parts.Length == 1 ? parts[0] : parts[0].Graph.Add("Concat", parts, ("axis", axis));

    /// <summary>This where <paramref name="condition"/> holds, else <paramref name="otherwise"/>.</summary>
    public Value Where(Value condition, Value otherwise) => Graph.Add("Where", [condition, this, otherwise]);

    public Value Cast(DataType type) => Graph.Add("Cast", [this], ("to", type));

    /// <summary>The size of dimension <paramref name="axis"/>, as a list of one.</summary>
    public Value Size(long axis) => Graph.Add("Shape", [this]).Gather(Graph.Longs(axis));

    /// <summary>0, 1, ... below this list of one, as a list.</summary>
    public Value Range() => Graph.Add("Range", [Graph.Longs([0]).Scalar(), Scalar(), Graph.Longs([1]).Scalar()]);

    private Value Scalar() => Graph.Add("Squeeze", [this], ("axes", new[] { 0L }));
}
