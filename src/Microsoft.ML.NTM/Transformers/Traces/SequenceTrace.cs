using Microsoft.ML.NTM.Transformers.Traces;

namespace Microsoft.ML.NTM;

/// <summary>
/// What a network did with one sequence, to look at: its inputs and answers, and for every head where it read or wrote, and why.
/// </summary>
/// <remarks>
/// Every network has <c>inputs</c> (as it reads them: numbers scaled, embedded keys first and the delimiter channel last; <c>tokens</c> where an embedding looks keys up) and <c>answers</c> (as in
/// the Score column; NaN in steps without). An NTM (arXiv:1410.5401) has, for <c>read 1</c> and on and <c>write 1</c> and on: <c>weighting</c> (N), <c>content</c> (N), <c>gate</c>,
/// <c>shift</c> (2S + 1), <c>sharpening</c>, <c>strength</c>, <c>key</c> (M), and of write heads <c>erase</c> and <c>add</c> (M): "read 1 weighting". A DNC (Nature 538:471) has for each read head <c>weighting</c>,
/// <c>backward</c>, <c>content</c>, <c>forward</c> (N), <c>modes</c> (of backward, content, forward), <c>free gate</c>, <c>strength</c>, <c>key</c>; for <c>write</c> a <c>weighting</c>, <c>content</c>,
/// <c>allocation</c> (N), <c>allocation gate</c>, <c>gate</c>, <c>strength</c>, <c>key</c>, <c>erase</c>, <c>vector</c> (M); and <c>usage</c> and <c>precedence</c> (N);
/// where it has those improvements, a <c>mask</c> (M) of each head and the <c>sharpening</c> of backward and forward weighting of each read head. Both have
/// <c>memory</c> after each step, N slots of M numbers.
/// </remarks>
public sealed class SequenceTrace
{
    internal SequenceTrace(long row, int steps, IReadOnlyList<TraceSeries> series) => (Row, Steps, Series) = (row, steps, series);

    /// <summary>The place of the sequence in its data, counted from 0.</summary>
    public long Row { get; }

    /// <summary>T: steps of the sequence, those with answers included.</summary>
    public int Steps { get; }

    /// <summary>All that was traced.</summary>
    public IReadOnlyList<TraceSeries> Series { get; }

    /// <summary>The series of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public TraceSeries this[string name] => Series.FirstOrDefault(series => series.Name == name)
        ?? throw new ArgumentException($"The trace has no '{name}'. It has: {string.Join(", ", Series.Select(series => series.Name))}.", nameof(name));

    /// <summary>
    /// Draws series under each other, time from left to right, as a picture that every browser shows: blue above 0, red below, white 0.
    /// </summary>
    /// <param name="path">The .svg file.</param>
    /// <param name="names">Which series; none: inputs, answers, weightings, gates and usage.</param>
    /// <exception cref="ArgumentException">A name is none of the trace's.</exception>
    public void SaveSvg(string path, params string[] names)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        IEnumerable<TraceSeries> chosen = names is { Length: > 0 } ? names.Select(name => this[name]) : Series.Where(series => ShowsFirst(series.Name));
        File.WriteAllText(path, TracePicture.Draw([.. chosen]));
    }

    private static bool ShowsFirst(string name) => name is "inputs" or "tokens" or "answers" or "usage"
        || name.EndsWith(" weighting", StringComparison.Ordinal) || name.EndsWith(" gate", StringComparison.Ordinal);
}
