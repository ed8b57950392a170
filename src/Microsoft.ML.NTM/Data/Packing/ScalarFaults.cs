using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Data.Packing;

/// <summary>What is wrong with a row's id or time: that it is missing, or that its type cannot tell it from its neighbours.</summary>
internal static class ScalarFaults
{
    /// <summary>From here on Single, which has 24 bits of precision, no longer tells all whole numbers apart.</summary>
    private const float FirstInexact = 1 << 24;

    /// <summary>Gives what came, for an error, or null for a sound value; null where every value of the type is sound.</summary>
    public static Func<T, string?>? Of<T>(DataViewType type) => (Delegate?)(type switch
    {
        TextDataViewType => (ReadOnlyMemory<char> text) => text.IsEmpty ? "an empty text" : null,
        KeyDataViewType => Key(type.RawType),
        _ when type.RawType == typeof(float) => (Func<float, string?>)Single,
        _ when type.RawType == typeof(double) => (double value) => double.IsNaN(value) ? "NaN" : null,
        _ => null,
    }) as Func<T, string?>;

    private static string? Single(float value) => float.IsNaN(value) ? "NaN" : Math.Abs(value) < FirstInexact ? null : string.Create(
        CultureInfo.InvariantCulture,
            $"{value}, which Single cannot tell from the whole numbers beside it: load the column as Int64, Double or text");

    private static Delegate? Key(Type raw)
    {
        const string Missing = "a missing key";
        if (raw == typeof(byte))
            return (byte key) => key == 0 ? Missing : null;
        if (raw == typeof(ushort))
            return (ushort key) => key == 0 ? Missing : null;
        return raw == typeof(uint) ? (uint key) => key == 0 ? Missing : null : (Delegate?)((ulong key) => key == 0 ? Missing : null);
    }
}
