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
            PackOptions options = Read(FormerNames.Replace(part));
            options.ThrowIfFaulty();
            return options;
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"The model file does not say how to pack: {Quoted.Message(fault)}", Quoted.Cause(fault));
        }
    }

    /// <summary>The options in a text, sound or not; what it does not say is 0, null or false.</summary>
    internal static PackOptions Read(ReadOnlySpan<byte> utf8)
    {
        var json = new StrictJson(utf8);
        var options = new PackOptions { Stride = 0, IncludeUnlabeled = false };
        JsonMembers members = json.Object();
        while (json.Next(members))
        {
            options = members.Name switch
            {
                nameof(options.SequenceColumnName) => options with { SequenceColumnName = json.TextOrNull() },
                nameof(options.OrderColumnName) => options with { OrderColumnName = json.TextOrNull() },
                nameof(options.Features) => options with { Features = Columns(ref json) },
                nameof(options.Label) => options with { Label = json.IsNull() ? null : Column(ref json) },
                nameof(options.LabelPlacement) => options with { LabelPlacement = (LabelPlacement)json.Kind(typeof(LabelPlacement)) },
                nameof(options.Window) => options with { Window = json.IsNull() ? null : json.Int() },
                nameof(options.Stride) => options with { Stride = json.Int() },
                nameof(options.Horizon) => options with { Horizon = json.Int() },
                nameof(options.RowsAreGrouped) => options with { RowsAreGrouped = json.IsNull() ? null : json.Bool() },
                nameof(options.IncludeUnlabeled) => options with { IncludeUnlabeled = json.Bool() },
                _ => throw members.Unknown(),
            };
        }
        members.Require("packing", nameof(options.Features));
        json.End();
        return options;
    }

    private static List<PackColumn> Columns(ref StrictJson json)
    {
        json.Array();
        var columns = new List<PackColumn>();
        while (json.NextItem())
            columns.Add(Column(ref json));
        return columns;
    }

    private static PackColumn Column(ref StrictJson json)
    {
        var column = new PackColumn("", []);
        JsonMembers members = json.Object();
        while (json.Next(members))
        {
            column = members.Name switch
            {
                nameof(column.Name) => column with { Name = json.Text() },
                nameof(column.Sources) => column with { Sources = json.Texts() },
                _ => throw members.Unknown(),
            };
        }
        members.Require("column", nameof(column.Name), nameof(column.Sources));
        return column;
    }
}

/// <summary>How packing is written: serialization code made at build time.</summary>
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
