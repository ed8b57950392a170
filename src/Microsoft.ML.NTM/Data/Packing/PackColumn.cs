namespace Microsoft.ML.NTM.Data.Packing;

/// <summary>A column of packed sequences and the columns of the table that stand side by side in each of its steps.</summary>
/// <param name="Name">The column of sequences.</param>
/// <param name="Sources">Single columns, scalar or of fixed size, any number of them; or one column of Booleans or keys.</param>
internal sealed record PackColumn(string Name, IReadOnlyList<string> Sources);
