using System.Runtime.CompilerServices;
using Microsoft.ML.Model.OnnxConverter;

// ML.NET's graph under construction and the ONNX messages are internal to it.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.OnnxConverter")]

namespace Microsoft.ML.NTM.Onnx;

/// <summary>The one private member in use: ML.NET's nodes take every kind of attribute but a graph, which Scan needs.</summary>
internal static class InternalAccess
{
    /// <summary>The message that <paramref name="node"/> writes.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_node")]
    public static extern ref OnnxCSharpToProtoWrapper.NodeProto Message(OnnxNodeImpl node);
}
