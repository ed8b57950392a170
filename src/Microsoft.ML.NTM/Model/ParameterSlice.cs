namespace Microsoft.ML.NTM;

/// <summary>One named parameter: a row-major block of the flat array of a <see cref="ParameterSet"/>.</summary>
/// <param name="Name">The name, as in a safetensors file: <c>controller.0.weight_ih</c>.</param>
/// <param name="Shape">The sizes, outermost first.</param>
/// <param name="Offset">Where the block starts, in numbers.</param>
/// <param name="Trainable">False where the values are fixed once drawn.</param>
public sealed record ParameterSlice(string Name, IReadOnlyList<int> Shape, int Offset, bool Trainable = true)
{
    /// <summary>How many numbers the block holds.</summary>
    public int Length { get; } = Product(Shape);

    private static int Product(IReadOnlyList<int> sizes)
    {
        int product = 1;
        for (int i = 0; i < sizes.Count; i++)
            product = checked(product * sizes[i]);
        return product;
    }
}
