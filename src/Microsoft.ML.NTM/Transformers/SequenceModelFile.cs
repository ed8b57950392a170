using System.Text.Json;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Interop;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Model.Safetensors;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>
/// A sequence model inside ML.NET's .zip: <c>network.json</c> (sizes and kinds), <c>sequence.json</c> (columns, label, classes) and
/// <c>weights.safetensors</c>. The file is untrusted: whatever it holds, reading it gives a sound model or one clear error.
/// </summary>
internal static class SequenceModelFile
{
    internal const string NetworkPart = "network.json", SequencePart = "sequence.json", WeightsPart = "weights.safetensors";

    // 0x00010001: the first.
    // 0x00010002: embeddings, which readers of the first refuse as unknown; files of the first are those without.
    // 0x00010003: scaling, missing values and the training's history, which readers of the second refuse as unknown; older files are those without.
    private static VersionInfo Version => new(
        modelSignature: "SEQMODEL",
        verWrittenCur: 0x00010003,
        verReadableCur: 0x00010003,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(SequenceModelFile).Assembly.FullName!,
        loaderSignature: SequenceTransformer.LoaderSignature);

    /// <summary>Writes a model.</summary>
    public static void Save(SequenceModelParameters model, ModelSaveContext context) => ModelFile.Save(context, Version, Parts(model));

    /// <summary>The parts that describe a model.</summary>
    internal static (string Name, byte[] Content)[] Parts(SequenceModelParameters model)
    {
        (string Type, string[] Values)? classes = model.Classes?.Format();
        var sequence = new SequenceDescription(model.Format, classes?.Type, classes?.Values);
        var weights = new MemoryStream();
        SafetensorsWriter.Write(weights, model.Parameters);
        return
        [
            (NetworkPart, SpecJson.Write(model.Network)),
            (SequencePart, JsonSerializer.SerializeToUtf8Bytes(sequence, SequenceJsonContext.Strict.SequenceDescription)),
            (WeightsPart, weights.ToArray()),
        ];
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, was edited, or holds what no model can be.</exception>
    public static SequenceModelParameters Load(ModelLoadContext context) => Read(ModelFile.Load(context, Version));

    /// <summary>The model that the parts describe.</summary>
    /// <exception cref="InvalidDataException">They describe what no model can be.</exception>
    internal static SequenceModelParameters Read(IReadOnlyDictionary<string, byte[]> parts)
    {
        byte[] Part(string name) => parts.TryGetValue(name, out byte[]? part) ? part : throw new InvalidDataException($"The model file has no part '{name}'.");
        try
        {
            NetworkSpec network = SpecJson.ReadNetwork(Part(NetworkPart));
            SequenceDescription sequence = JsonSerializer.Deserialize(FormerNames.Replace(Part(SequencePart)), SequenceJsonContext.Strict.SequenceDescription)
                ?? throw new JsonException("It is null.");
            CheckTogether(network, sequence);
            ParameterSet parameters = SafetensorsReader.Read(new MemoryStream(Part(WeightsPart)), new ParameterLayout(network));
            LabelClasses? classes = sequence.Classes is null ? null : LabelClasses.Parse(sequence.ClassType ?? "", sequence.Classes);
            return new SequenceModelParameters(network, sequence.Format, parameters, classes);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or OverflowException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"The model file does not describe a sequence model: {fault.Message}", fault);
        }
    }

    // Each part may be sound and the parts still not belong together.
    private static void CheckTogether(NetworkSpec network, SequenceDescription sequence)
    {
        SequenceFormat format = sequence.Format;
        List<string> faults = [.. format.Spec.Faults(network)];
        if (format.Features.Count == 0 || format.Features.Any(feature => feature is null || feature.ValuesPerStep < 1 || feature.KeyCount < 0 || feature.EmbeddingSize < 0 || feature.EmbeddingSize > 0 && feature.KeyCount == 0 || string.IsNullOrEmpty(feature.ColumnName)))
            faults.Add("Feature columns must have names and sizes of at least 1.");
        else if (format.Features.Sum(feature => (long)feature.ValuesPerStep * feature.InputsPerValue) != format.Spec.FeatureSize)
            faults.Add($"The feature columns must be {format.Spec.FeatureSize} wide together.");
        else if (format.Features.Any(feature => feature.IsEmbedded && feature.EmbeddingSize != network.EmbeddingSize) || format.Embed(network with { EmbeddingSize = 0, VocabularySize = 0, KeysPerStep = 0 }) != network)
            faults.Add($"The feature columns must have the network's embedding of {network.KeysPerStep} of {network.VocabularySize} keys as {network.EmbeddingSize} numbers.");
        if (format.Features.Any(feature => feature is { Scaling: { } scaling } && (feature.IsKey || !scaling.Fits(feature.ValuesPerStep))) || format.Features.Any(feature => feature is not null && !Enum.IsDefined(feature.Missing)))
            faults.Add("Only numbers are scaled, by a finite center and a deviation above 0 for each.");
        if (format.Label.Scaling is { } targets && (format.Spec.Loss != SequenceLoss.SquaredError || !targets.Fits(format.OutputSize) || targets.Limit is not null))
            faults.Add("Only labels of squared error are scaled, by a finite center and a deviation above 0 for each output.");
        if (format.OutputSize != network.OutputSize)
            faults.Add($"The label must have the network's {network.OutputSize} outputs; it has {format.OutputSize}.");
        if (format.Label.IsVector == format.Spec.OneLabelPerSequence)
            faults.Add("A vector label has an answer per step, a scalar one answer.");
        if (sequence.Classes is { } classes && (long)classes.Length * format.Spec.SoftmaxGroups != format.OutputSize)
            faults.Add($"The classes of all {format.Spec.SoftmaxGroups} answers of a step must be {format.OutputSize} together; there are {classes.Length} for each.");
        if (faults.Count > 0)
            throw new InvalidDataException($"The model file does not describe a sequence model. {string.Join(" ", faults)}");
    }
}
