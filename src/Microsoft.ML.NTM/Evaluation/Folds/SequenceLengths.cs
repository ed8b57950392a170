using System.Globalization;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Data.Packing;

namespace Microsoft.ML.NTM.Evaluation.Folds;

/// <summary>How many rows each sequence of a table has.</summary>
internal static class SequenceLengths
{
    /// <summary>Counts in the order in which the sequences first appear; reads the columns of ids and times once.</summary>
    /// <param name="table">The table.</param>
    /// <param name="idColumnName">The column of ids; null: one sequence.</param>
    /// <param name="orderColumnName">The column that each sequence's rows must already be sorted by, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="InvalidOperationException">Rows are not sorted, or an id or a time is missing.</exception>
    public static List<long> Count(IDataView table, string? idColumnName, string? orderColumnName)
    {
        DataViewSchema.Column[] columns = [.. new[] { idColumnName, orderColumnName }.OfType<string>()
            .Select(name => ColumnTypes.Find(table.Schema, "sequence or order", name))];
        using DataViewRowCursor cursor = table.GetRowCursor(columns);
        SequenceIdColumn? id = idColumnName is null ? null : SequenceIdColumn.Create(cursor, table.Schema[idColumnName]);
        OrderColumn? order = orderColumnName is null ? null : OrderColumn.Create(cursor, table.Schema[orderColumnName]);
        var lengths = new List<long>();
        var last = new List<int>();
        for (int row = 0; cursor.MoveNext(); row++)
        {
            int sequence = id?.Place() ?? 0;
            if (sequence == lengths.Count)
            {
                lengths.Add(0);
                last.Add(row);
            }
            order?.Append();
            if (order is not null && order.IsBefore(row, last[sequence]))
            {
                throw SequenceErrors.TableRow(orderColumnName!, cursor.Position,
                    "rows sorted by time (blocks of time are cut from the table as it stands)",
                    string.Create(CultureInfo.InvariantCulture, $"an earlier value than that of row {last[sequence]}"));
            }
            lengths[sequence]++;
            last[sequence] = row;
        }
        return lengths;
    }
}
