using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.NTM.Interop;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>Packing inside ML.NET's .zip: <c>pack.json</c>. Untrusted, like a model's parts.</summary>
internal static class PackModelFile
{
    private const string OptionsPart = "pack.json";

    // 0x00010001: the first.
    private static VersionInfo Version => new(
        modelSignature: "SEQPACKS",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(PackModelFile).Assembly.FullName!,
        loaderSignature: PackTransformer.LoaderSignature);

    /// <summary>Writes the options.</summary>
    public static void Save(PackOptions options, ModelSaveContext context) =>
        ModelFile.Save(context, Version, [(OptionsPart, JsonSerializer.SerializeToUtf8Bytes(options, PackJsonContext.Strict.PackOptions))]);

    /// <summary>Reads the options.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, was edited, or holds what no options can be.</exception>
    public static PackOptions Load(ModelLoadContext context)
    {
        Dictionary<string, byte[]> parts = ModelFile.Load(context, Version);
        if (!parts.TryGetValue(OptionsPart, out byte[]? part))
            throw new InvalidDataException($"The model file has no part '{OptionsPart}'.");
        try
        {
            PackOptions options = JsonSerializer.Deserialize(FormerNames.Replace(part), PackJsonContext.Strict.PackOptions)
                ?? throw new JsonException("It is null.");
            options.ThrowIfFaulty();
            return options;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"The model file does not say how to pack: {Quoted.Message(fault)}", Quoted.Cause(fault));
        }
    }
}

/// <summary>Serialization code made at build time.</summary>
[JsonSerializable(typeof(PackOptions))]
internal sealed partial class PackJsonContext : JsonSerializerContext
{
    /// <summary>Nothing unknown, nothing twice, kinds by name.</summary>
    public static PackJsonContext Strict { get; } = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter<LabelPlacement>(allowIntegerValues: false) },
    });
}
