using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Data;

/// <summary>
/// Which part of a split a row belongs to. It depends on the row's place alone, so it is the same for every seed and every epoch.
/// </summary>
internal abstract class RowSplit
{
    /// <summary>Whether the row at <paramref name="place"/> is held back from training.</summary>
    public abstract bool IsHeldBack(long place);

    /// <summary>Whether the row at <paramref name="place"/> is trained on; a row may be neither.</summary>
    public virtual bool IsTrainedOn(long place) => !IsHeldBack(place);

    /// <summary>
    /// One in every 1 / <paramref name="fraction"/> of the first <paramref name="rows"/> rows, the place within each such stretch mixed, so
    /// that data with a period is not cut by it.
    /// </summary>
    public static RowSplit Scattered(double fraction, long rows) => new ScatteredSplit(fraction, rows);

    /// <summary>The rows from place <paramref name="first"/> on, and nothing of the <paramref name="gap"/> before.</summary>
    public static RowSplit End(long first, long gap) => new EndSplit(first, gap);

    private sealed class ScatteredSplit(double fraction, long rows) : RowSplit
    {
        public override bool IsHeldBack(long place)
        {
            if (place >= rows)
                return false;
            double stretch = Math.Floor(place * fraction);
            long first = (long)Math.Ceiling(stretch / fraction), next = (long)Math.Ceiling((stretch + 1) / fraction);
            return place - first == (long)(SeededRandom.Mix((ulong)stretch) % (ulong)Math.Max(1, next - first));
        }
    }

    private sealed class EndSplit(long first, long gap) : RowSplit
    {
        public override bool IsHeldBack(long place) => place >= first;

        public override bool IsTrainedOn(long place) => place < first - gap;
    }
}
