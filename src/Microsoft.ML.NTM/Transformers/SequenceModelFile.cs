using System.Text.Json;
using Microsoft.ML.NTM.Interop;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Model.Safetensors;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>
/// A sequence model inside ML.NET's .zip: <c>network.json</c> (sizes and kinds), <c>sequence.json</c> (columns, scaling, label, classes),
/// <c>weights.safetensors</c> and <c>history.json</c> (how it was trained, where that is known). The file is untrusted: whatever it holds,
/// reading it gives a sound model or one clear error.
/// </summary>
internal static class SequenceModelFile
{
    internal const string NetworkPart = "network.json", SequencePart = "sequence.json", WeightsPart = "weights.safetensors",
        HistoryPart = "history.json";

    // 0x00010001: the first.
    // 0x00010002: embeddings, which readers of the first refuse as unknown; files of the first are those without.
    // 0x00010003: scaling, missing values and the training's history, which readers of the second refuse as unknown; older files are those
    // without.
    // 0x00010004: LSTMs that read both ways, which readers of the third refuse as unknown; networks of older files read forward.
    private static VersionInfo Version => new(
        modelSignature: "SEQMODEL",
        verWrittenCur: 0x00010004,
        verReadableCur: 0x00010004,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(SequenceModelFile).Assembly.FullName!,
        loaderSignature: SequenceTransformer.LoaderSignature);

    /// <summary>Writes a model.</summary>
    public static void Save(SequenceModelParameters model, ModelSaveContext context) => ModelFile.Save(context, Version, Parts(model));

    /// <summary>The parts that describe a model.</summary>
    internal static (string Name, byte[] Content)[] Parts(SequenceModelParameters model)
    {
        var weights = new MemoryStream();
        SafetensorsWriter.Write(weights, model.Parameters);
        (string, byte[])[] parts =
        [
            (NetworkPart, SpecJson.Write(model.Network)),
            (SequencePart, SequenceDescription.Of(model).ToJson()),
            (WeightsPart, weights.ToArray()),
        ];
        return model.History is null ? parts : [.. parts, (HistoryPart, HistoryJson.Write(model.History))];
    }

    /// <summary>Reads a model.</summary>
    /// <param name="context">Stands at it.</param>
    /// <param name="known">Told the network before the rest is read.</param>
    /// <exception cref="InvalidDataException">The file is damaged, was edited, or holds what no model can be.</exception>
    public static SequenceModelParameters Load(ModelLoadContext context, Action<NetworkSpec>? known = null) =>
        Read(ModelFile.Load(context, Version), known);

    /// <summary>The model that the parts describe.</summary>
    /// <exception cref="InvalidDataException">They describe what no model can be.</exception>
    internal static SequenceModelParameters Read(IReadOnlyDictionary<string, byte[]> parts, Action<NetworkSpec>? known = null)
    {
        using var invariant = new InvariantText();
        byte[] Part(string name) =>
            parts.TryGetValue(name, out byte[]? part) ? part : throw new InvalidDataException($"The model file has no part '{name}'.");
        try
        {
            NetworkSpec network = SpecJson.ReadNetwork(Part(NetworkPart));
            known?.Invoke(network);
            // The weights show that the network is as large as it says, and so how many classes it may have.
            ParameterSet parameters = SafetensorsReader.Read(new MemoryStream(Part(WeightsPart)), new ParameterLayout(network));
            SequenceDescription sequence = SequenceDescription.FromJson(Part(SequencePart), network);
            TrainingHistory? history = parts.TryGetValue(HistoryPart, out byte[]? trained) ? HistoryJson.Read(trained) : null;
            return new SequenceModelParameters(network, sequence.Format, parameters, sequence.ToClasses(), history);
        }
        catch (Exception fault) when (
            fault is JsonException or FormatException or OverflowException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"The model file does not describe a sequence model: {Quoted.Message(fault)}",
                Quoted.Cause(fault));
        }
    }
}
