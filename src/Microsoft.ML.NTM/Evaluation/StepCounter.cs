using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Evaluation;

/// <summary>Counts the steps of a feature column in the current row, whatever its values are.</summary>
internal abstract class StepCounter
{
    /// <summary>Steps of the row.</summary>
    public abstract int Count();

    public static StepCounter Create(DataViewRow row, DataViewSchema.Column column, int valuesPerStep) =>
        (StepCounter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(ColumnTypes.ItemType(column.Type).RawType), row, column,
            valuesPerStep)!;

    private sealed class Of<T>(DataViewRow row, DataViewSchema.Column column, int valuesPerStep) : StepCounter
    {
        private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);
        private VBuffer<T> _values;

        public override int Count()
        {
            _getter(ref _values);
            return _values.Length / valuesPerStep;
        }
    }
}
