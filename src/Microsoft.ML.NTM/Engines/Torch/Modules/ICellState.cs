using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Torch;

/// <summary>What a cell hands from one step to the next: a named record of tensors whose first dimension is the row (B).</summary>
/// <typeparam name="TSelf">The record itself.</typeparam>
[Experimental("NTM0001")]
public interface ICellState<TSelf>
    where TSelf : ICellState<TSelf>
{
    /// <summary>The same record with <paramref name="change"/> applied to every tensor.</summary>
    TSelf Map(Func<Tensor, Tensor> change);
}
