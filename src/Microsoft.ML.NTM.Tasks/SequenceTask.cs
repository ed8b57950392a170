using Microsoft.ML.Data;

namespace Microsoft.ML.NTM;

/// <summary>
/// A task of the Neural Turing Machine paper (arXiv:1410.5401, section 4) as a seeded stream of sequences. Row i depends on the seed and on
/// i alone, so rows are made when they are read, nothing is held in memory, and every cursor sees the same rows.
/// </summary>
/// <remarks>
/// Targets are bits: train with binary cross-entropy. For data the model has not seen, use another seed or rows further down the stream.
/// </remarks>
public abstract class SequenceTask
{
    private protected SequenceTask(int seed) => Seed = seed;

    /// <summary>What all rows are derived from.</summary>
    public int Seed { get; }

    /// <summary>Numbers per step of the features (D).</summary>
    public abstract int FeatureSize { get; }

    /// <summary>Numbers per step of the label (O).</summary>
    public abstract int OutputSize { get; }

    /// <summary>
    /// True: the answer comes after the whole input and the library adds the delimiter and the silent answer steps (alignment
    /// <c>AfterInput</c>). False: label step t answers input step t, markers and silent steps are in the features, and label steps
    /// without an answer are NaN (alignment <c>EveryStep</c>).
    /// </summary>
    public abstract bool AnswersAfterInput { get; }

    /// <summary>One sequence.</summary>
    /// <param name="index">Its place in the stream, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public TaskSequence Row(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return Generate(Tasks.SeededRandom.ForRow(Seed, index));
    }

    /// <summary>Sequences in the order of the stream, made as they are read; every enumeration gives the same ones.</summary>
    /// <param name="count">How many.</param>
    /// <param name="first">Place of the first one in the stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public IEnumerable<TaskSequence> Rows(long count, long first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        return Stream(first, count);
    }

    /// <summary>
    /// The same sequences as a streamed data view with the columns <c>Features</c> (Vector&lt;Single, *, D&gt;), <c>Label</c>
    /// (Vector&lt;Single, *, O&gt;) and <c>OutputLength</c> (Int32: steps of the label).
    /// </summary>
    /// <param name="mlContext">The context the view belongs to.</param>
    /// <param name="count">How many sequences.</param>
    /// <param name="first">Place of the first one in the stream.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public IDataView ToDataView(MLContext mlContext, long count, long first = 0)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(TaskSequence));
        schema[nameof(TaskSequence.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 0, FeatureSize);
        schema[nameof(TaskSequence.Label)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 0, OutputSize);
        return mlContext.Data.LoadFromEnumerable(Rows(count, first), schema);
    }

    /// <summary>Makes one sequence out of nothing but a generator.</summary>
    private protected abstract TaskSequence Generate(Tasks.SeededRandom random);

    private IEnumerable<TaskSequence> Stream(long first, long count)
    {
        for (long i = 0; i < count; i++)
            yield return Row(first + i);
    }
}
