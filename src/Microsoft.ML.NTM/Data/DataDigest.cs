using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Microsoft.ML.NTM.Data;

/// <summary>A fingerprint of training data: what its columns are, and what its leading rows hold.</summary>
internal static class DataDigest
{
    /// <summary>Leading rows that are looked at, at most.</summary>
    public const int Rows = 10_000;

    /// <summary>Values in the leading rows that are looked at, about.</summary>
    public const int Values = 1 << 22;

    /// <summary>The fingerprint, as 64 hexadecimal digits. Rows are taken in the view's own order.</summary>
    /// <exception cref="InvalidOperationException">A row cannot serve.</exception>
    public static string Of(IDataView data, SequenceFormat format)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        DataViewSchema.Column[] columns = SequenceSchema.Check(format, data.Schema, ColumnUse.Training);
        foreach (DataViewSchema.Column column in columns)
            hash.AppendData(MemoryMarshal.AsBytes($"{column.Name}: {column.Type}\n".AsSpan()));

        using DataViewRowCursor cursor = data.GetRowCursor(columns);
        var reader = new SequenceRowReader(cursor, format, ColumnUse.Training);
        var row = new SequenceRow();
        long values = 0;
        for (int i = 0; i < Rows && values < Values && cursor.MoveNext(); i++)
        {
            if (!reader.Read(row, cursor.Position))
                continue;
            hash.AppendData(MemoryMarshal.AsBytes([row.InputSteps, row.OutputSteps]));
            hash.AppendData(MemoryMarshal.AsBytes(row.Numbers));
            hash.AppendData(MemoryMarshal.AsBytes(row.Keys));
            hash.AppendData(MemoryMarshal.AsBytes(row.Targets));
            hash.AppendData(MemoryMarshal.AsBytes([row.Weight]));
            hash.AppendData(MemoryMarshal.AsBytes(row.StepWeights));
            values += row.ValueCount;
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
