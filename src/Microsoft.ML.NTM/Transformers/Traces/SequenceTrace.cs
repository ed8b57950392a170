using Microsoft.ML.NTM.Transformers.Traces;

namespace Microsoft.ML.NTM;

/// <summary>
/// What a network did with one sequence, to look at: its inputs and answers, and for every head where it read or wrote, and why.
/// </summary>
/// <remarks>
/// Every network has <c>inputs</c> (as it reads them: numbers scaled, embedded keys first and the delimiter channel last; <c>tokens</c>
/// where an embedding looks keys up) and <c>answers</c> (as in the Score column; NaN in steps without); where the data has the label column
/// that the model was trained on, also <c>targets</c> (keys one-hot) and <c>error</c> (answers minus targets).
/// An NTM (arXiv:1410.5401) has, for <c>read 1</c> and on and <c>write 1</c> and on: <c>weighting</c> (N), <c>content</c> (N), <c>gate</c>,
/// <c>shift</c> (2S + 1), <c>sharpening</c>, <c>strength</c>, <c>key</c> (M), and of write heads <c>erase</c> and <c>add</c> (M): "read 1
/// weighting". A DNC (Nature 538:471) has for each read head <c>weighting</c>, <c>backward</c>, <c>content</c>, <c>forward</c> (N),
/// <c>modes</c> (of backward, content, forward), <c>free gate</c>, <c>strength</c>, <c>key</c>; for <c>write</c> a <c>weighting</c>,
/// <c>content</c>,
/// <c>allocation</c> (N), <c>allocation gate</c>, <c>gate</c>, <c>strength</c>, <c>key</c>, <c>erase</c>, <c>vector</c> (M); and
/// <c>usage</c> and <c>precedence</c> (N); where it has those improvements, a <c>mask</c> (M) of each head and the <c>sharpening</c> of
/// backward and forward weighting of each read head. Both have
/// <c>memory</c> after each step, N slots of M numbers.
/// </remarks>
public sealed class SequenceTrace
{
    // A head that has never given a slot a fiftieth of its weighting has not used it.
    private const float UsedShare = 0.02f;

    internal SequenceTrace(long row, int steps, IReadOnlyList<TraceSeries> series)
    {
        (Row, Steps, Series) = (row, steps, series);
        TraceSeries[] weightings = [.. series.Where(one => one.Name.EndsWith(" weighting", StringComparison.Ordinal))];
        Slots = weightings.Length == 0 ? 0 : weightings[0].Width;
        int[] used = [.. Enumerable.Range(0, Slots).Where(slot => weightings.Any(weighting => IsUsed(weighting, slot)))];
        SlotsInUse = used.Length > 0 ? used : [.. Enumerable.Range(0, Slots)];
    }

    /// <summary>The place of the sequence in its data, counted from 0.</summary>
    public long Row { get; }

    /// <summary>T: steps of the sequence, those with answers included.</summary>
    public int Steps { get; }

    /// <summary>N: slots of the memory; 0 where there is none.</summary>
    public int Slots { get; }

    /// <summary>
    /// Slots, counted from 0 and ascending, that a head has in some step given at least 2 % of its weighting; all where there are none.
    /// </summary>
    public IReadOnlyList<int> SlotsInUse { get; }

    /// <summary>All that was traced.</summary>
    public IReadOnlyList<TraceSeries> Series { get; }

    /// <summary>The series of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public TraceSeries this[string name] => Series.FirstOrDefault(series => series.Name == name)
        ?? throw new ArgumentException($"The trace has no '{name}'. It has: {string.Join(", ", Series.Select(series => series.Name))}.",
            nameof(name));

    /// <summary>
    /// Draws series under each other, time from left to right, as a picture that every browser shows: blue above 0, red below, teal where
    /// heads read, amber where they write. Of series over slots it shows <see cref="SlotsInUse"/>. The ground is transparent, and the
    /// colours follow the viewer's light or dark theme.
    /// </summary>
    /// <param name="path">The .svg file.</param>
    /// <param name="names">Which series; none: inputs, targets, answers, weightings, gates and usage.</param>
    /// <exception cref="ArgumentException">A name is none of the trace's.</exception>
    public void SaveSvg(string path, params string[] names)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        IEnumerable<TraceSeries> chosen = names is { Length: > 0 } ? names.Select(name => this[name])
            : Series.Where(series => ShowsFirst(series.Name));
        File.WriteAllText(path, TracePicture.Draw(this, [.. chosen]));
    }

    /// <summary>
    /// Writes a page to walk through the sequence step by step, with the keyboard or the mouse: the memory as a heat map, where the heads
    /// read and wrote, a DNC's links, all numbers under the pointer; light and dark. One file that needs no network.
    /// </summary>
    /// <param name="path">The .html file.</param>
    public void SaveHtml(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        File.WriteAllText(path, TraceHtml.Write(this));
    }

    /// <summary>Whether a series has a number per memory slot.</summary>
    internal bool IsOverSlots(TraceSeries series) => Slots > 0 && series.Width == Slots && (series.Name is "usage" or "precedence"
        || s_overSlots.Any(what => series.Name.EndsWith(what, StringComparison.Ordinal)));

    private static readonly string[] s_overSlots = [" weighting", " content", " allocation", " backward", " forward"];

    private static bool IsUsed(TraceSeries weighting, int slot)
    {
        for (int step = 0; step < weighting.Steps; step++)
        {
            if (weighting[step][slot] >= UsedShare)
                return true;
        }
        return false;
    }

    private static bool ShowsFirst(string name) => name is "inputs" or "tokens" or "targets" or "answers" or "usage"
        || name.EndsWith(" weighting", StringComparison.Ordinal) || name.EndsWith(" gate", StringComparison.Ordinal);
}
