namespace Microsoft.ML.NTM;

/// <summary>A column of packed sequences and the columns of the table that stand side by side in each of its steps.</summary>
/// <param name="Name">The column of sequences.</param>
/// <param name="Sources">Columns of Single, scalar or of fixed size, any number of them; or one column of Booleans or keys.</param>
public sealed record PackColumn(string Name, IReadOnlyList<string> Sources);
