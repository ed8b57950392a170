using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM.Trainers;

/// <summary>Training that begins with the parameters of a model trained before.</summary>
internal static class WarmStart
{
    // How long an answer is when scoring has nothing to do with what was learned.
    private static readonly string[] ScoringOnly = [nameof(SequenceSpec.OutputLength), nameof(SequenceSpec.OutputLengthColumnName)];

    // No parameter of a DNC has a size that depends on the number of slots (Nature 538:471: memory can be added to a trained network).
    private static readonly string[] FreeInDnc = [nameof(NetworkSpec.MemorySlots)];

    /// <summary>A copy of the model's parameters, for a network to go on with.</summary>
    /// <param name="initialModel">The model trained before.</param>
    /// <param name="network">The network to train.</param>
    /// <param name="format">How its data is read.</param>
    /// <param name="classes">What the label's classes are called, or null.</param>
    /// <exception cref="ArgumentException">Network or sequences differ from the model's; the message lists every difference.</exception>
    public static ParameterSet Continue(SequenceModelParameters initialModel, NetworkSpec network, SequenceFormat format,
        LabelClasses? classes)
    {
        List<string> differences =
        [
            .. Compare(SpecJson.Write(initialModel.Network), SpecJson.Write(network), network.Kind == NetworkKind.Dnc ? FreeInDnc : []),
            .. Compare(SpecJson.Write(initialModel.Sequence), SpecJson.Write(format.Spec), ScoringOnly),
        ];
        (string before, string now) = (Describe(initialModel.Format), Describe(format));
        if (before != now)
            differences.Add($"a step has {before} in the model and {now} here");
        if (!ClassesOf(initialModel.Classes).SequenceEqual(ClassesOf(classes)))
            differences.Add("the label's classes (KeyValues) are not the same in the same order");
        if (differences.Count > 0)
            throw new ArgumentException($"The initial model does not fit: {string.Join("; ", differences)}.", nameof(initialModel));

        var parameters = new ParameterSet(network);
        initialModel.Parameters.Values.CopyTo(parameters.Values, 0);
        return parameters;
    }

    /// <summary>What tells one start from another, so that a checkpoint of the one is not taken for the other's.</summary>
    public static string Fingerprint(SequenceModelParameters? model) => model is null
        ? "none"
        : $"{Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(model.Parameters.Values.AsSpan())))}";

    private static IEnumerable<string> Compare(byte[] before, byte[] now, string[] passedOver)
    {
        using JsonDocument old = JsonDocument.Parse(before), wanted = JsonDocument.Parse(now);
        foreach (JsonProperty member in old.RootElement.EnumerateObject())
        {
            JsonElement other = wanted.RootElement.GetProperty(member.Name);
            if (!passedOver.Contains(member.Name) && !JsonElement.DeepEquals(member.Value, other))
                yield return $"{member.Name} is {member.Value} in the model and {other} here";
        }
    }

    // Names of columns may change; what a step is made of may not.
    private static string Describe(SequenceFormat format) =>
        string.Join(" + ", format.Features.Select(feature => feature.IsKey
            ? $"{feature.ValuesPerStep} keys of {feature.KeyCount}{(feature.IsEmbedded ? $" as {feature.EmbeddingSize} numbers" : "")}"
                : $"{feature.ValuesPerStep} numbers{(feature.HasIndicators ? " and their indicators" : "")}"))
        + (format.Label.KeyCount > 0 ? $" and a label of {format.Label.KeyCount} classes" : $" and a {format.Label.Kind} label");

    private static string[] ClassesOf(LabelClasses? classes) => classes is null ? [] : classes.Format().Values;
}
