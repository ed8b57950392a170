namespace Microsoft.ML.NTM;

/// <summary>One sequence of a <see cref="SequenceTask"/>: a row of its data view.</summary>
public sealed class TaskSequence
{
    /// <summary>What the network reads: T x D, row-major, D = <see cref="SequenceTask.FeatureSize"/>.</summary>
    public float[] Features { get; set; } = [];

    /// <summary>
    /// What it should answer: one row of <see cref="SequenceTask.OutputSize"/> values per output step; NaN is not scored.
    /// </summary>
    public float[] Label { get; set; } = [];

    /// <summary>Steps of the label.</summary>
    public int OutputLength { get; set; }

    /// <summary>One step of the features: [D].</summary>
    internal Span<float> FeatureStep(int step, int size) => Features.AsSpan(step * size, size);

    /// <summary>One step of the label: [O].</summary>
    internal Span<float> LabelStep(int step, int size) => Label.AsSpan(step * size, size);

    /// <summary>Steps with no input and nothing scored yet, label and features aligned.</summary>
    internal static TaskSequence Silent(int steps, int featureSize, int outputSize)
    {
        var sequence = new TaskSequence
        {
            Features = new float[steps * featureSize],
            Label = new float[steps * outputSize],
            OutputLength = steps,
        };
        Array.Fill(sequence.Label, float.NaN);
        return sequence;
    }
}
