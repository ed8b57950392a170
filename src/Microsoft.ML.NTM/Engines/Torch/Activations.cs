using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>The activations that TorchSharp has not under these names.</summary>
internal static class Activations
{
    // Above this libtorch returns x itself, which is exact in double precision: e^-50 is below its rounding.
    private const double LinearFrom = 50;

    /// <summary>log(1 + e^x).</summary>
    public static Tensor Softplus(Tensor x) => nn.functional.softplus(x, beta: 1, threshold: LinearFrom);

    /// <summary>1 + log(1 + e^x).</summary>
    public static Tensor OnePlus(Tensor x) => Softplus(x) + 1;
}
