using System.Text.Json;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>What sequence.json holds, and the metadata of exported weights.</summary>
/// <param name="Format">Columns, scaling, label and how they become steps.</param>
/// <param name="ClassType">What a key label's classes are, or null.</param>
/// <param name="Classes">A key label's classes in key order, or null.</param>
internal sealed record SequenceDescription(SequenceFormat Format, string? ClassType, string[]? Classes)
{
    /// <summary>A model's.</summary>
    public static SequenceDescription Of(SequenceModelParameters model)
    {
        (string Type, string[] Values)? classes = model.Classes?.Format();
        return new SequenceDescription(model.Format, classes?.Type, classes?.Values);
    }

    /// <summary>As UTF-8 text.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SequenceJsonContext.Strict.SequenceDescription);

    /// <summary>What <see cref="ToJson"/> wrote, or a model file of an older version holds. Untrusted.</summary>
    /// <exception cref="JsonException">Not such a text.</exception>
    /// <exception cref="InvalidOperationException">A text is not UTF-8.</exception>
    /// <exception cref="InvalidDataException">No model of <paramref name="network"/> can be so.</exception>
    public static SequenceDescription FromJson(byte[] utf8, NetworkSpec network)
    {
        ReadOnlySpan<byte> text = FormerNames.Replace(utf8, JsonLimits.MostTexts + network.OutputSize);
        SequenceDescription description = SequenceJsonReader.Read(text);
        string[] faults = [.. description.Faults(network)];
        return faults.Length == 0 ? description
            : throw new InvalidDataException($"The model file does not describe a sequence model. {Quoted.Faults(faults)}");
    }

    /// <summary>What a key label's classes are called, or null.</summary>
    /// <exception cref="FormatException">The type is not known or a value is not one of it.</exception>
    public LabelClasses? ToClasses() => Classes is null ? null : LabelClasses.Parse(ClassType ?? "", Classes);

    // Network and columns may each be sound and still not belong together.
    private IEnumerable<string> Faults(NetworkSpec network)
    {
        foreach (string fault in Format.Spec.Faults(network).Concat(FeatureFaults(network)))
            yield return fault;
        LabelFormat label = Format.Label;
        bool scalable = Format.Spec.Loss == SequenceLoss.SquaredError;
        if (label.Scaling is { } targets && !(scalable && targets.Fits(Format.OutputSize) && targets.Limit is null))
            yield return "Only labels of squared error are scaled, by a finite center and a deviation above 0 for each output.";
        if (Format.OutputSize != network.OutputSize)
            yield return $"The label must have the network's {network.OutputSize} outputs; it has {Format.OutputSize}.";
        if (label.IsVector == Format.Spec.OneLabelPerSequence)
            yield return "A vector label has an answer per step, a scalar one answer.";
        if (Classes is { } classes && (long)classes.Length * Format.Spec.SoftmaxGroups != Format.OutputSize)
        {
            yield return $"The classes of all {Format.Spec.SoftmaxGroups} answers of a step must be {Format.OutputSize} together; "
                + $"there are {classes.Length} for each.";
        }
    }

    private IEnumerable<string> FeatureFaults(NetworkSpec network)
    {
        IReadOnlyList<FeatureFormat> features = Format.Features;
        if (features.Count == 0 || features.Any(feature => !IsSound(feature)))
        {
            yield return "Feature columns must have names and sizes of at least 1.";
            yield break;
        }
        NetworkSpec embedded = Format.Embed(new NetworkSpec());
        long width = 0;
        foreach (FeatureFormat feature in features)
            width += (long)feature.ValuesPerStep * feature.InputsPerValue;
        if (width != Format.Spec.FeatureSize)
            yield return $"The feature columns must be {Format.Spec.FeatureSize} wide together.";
        else if (features.Any(feature => feature.IsEmbedded && feature.EmbeddingSize != network.EmbeddingSize)
            || embedded.EmbeddingSize != network.EmbeddingSize || embedded.VocabularySize != network.VocabularySize
            || embedded.KeysPerStep != network.KeysPerStep)
        {
            yield return $"The feature columns must have the network's embedding of {network.KeysPerStep} of {network.VocabularySize} keys "
                + $"as {network.EmbeddingSize} numbers.";
        }
        if (features.Any(feature => feature.Scaling is { } scaling && (feature.IsKey || !scaling.Fits(feature.ValuesPerStep))))
            yield return "Only numbers are scaled, by a finite center and a deviation above 0 for each.";
    }

    private static bool IsSound(FeatureFormat? feature) => feature is { ValuesPerStep: >= 1, KeyCount: >= 0, EmbeddingSize: >= 0 }
        && (feature.EmbeddingSize == 0 || feature.KeyCount > 0)
        && !string.IsNullOrEmpty(feature.ColumnName);
}
