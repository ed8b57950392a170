using System.Text;
using System.Text.Json;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Transformers;

/// <summary>What the metadata of exported weights say about their model. Untrusted.</summary>
internal static class ExportedModel
{
    /// <summary>Network and columns, or null where the metadata are silent.</summary>
    /// <exception cref="InvalidDataException">They describe what no model can be.</exception>
    public static (NetworkSpec Network, SequenceDescription Columns)? Describe(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue("network", out string? network) || !metadata.TryGetValue("columns", out string? columns))
            return null;
        try
        {
            NetworkSpec spec = SpecJson.ReadNetwork(Encoding.UTF8.GetBytes(network));
            SequenceDescription description = SequenceDescription.FromJson(Encoding.UTF8.GetBytes(columns), spec);
            description.ToClasses();
            return (spec, description);
        }
        catch (Exception fault)
            when (fault is JsonException or FormatException or OverflowException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"The safetensors file's metadata do not describe a sequence model: {fault.Message}", fault);
        }
    }

    /// <summary>A format of one feature column with the scaling that the weights were trained on.</summary>
    /// <exception cref="InvalidDataException">The weights were trained on columns that one column cannot stand for.</exception>
    public static SequenceFormat Scale(SequenceFormat format, SequenceFormat trained)
    {
        if (trained.Label.Scaling is null && trained.Features.All(feature => feature is { Scaling: null, Missing: MissingFeatures.Error }))
            return format;
        bool same = trained.Features.Count == 1 && trained.OutputSize == format.OutputSize && trained.Spec.Loss == format.Spec.Loss
            && trained.Features[0].IsKey == format.Features[0].IsKey && trained.Features[0].Width == format.Features[0].Width;
        if (!same)
        {
            IEnumerable<string> columns = trained.Features.Select(feature => $"'{feature.ColumnName}' of {feature.ValuesPerStep} per step");
            throw new InvalidDataException("The weights were trained on scaled numbers of other columns than those asked for: expected "
                + $"{string.Join(", ", columns)}. "
                + "LoadSafetensors(path) reads them as they were.");
        }
        return format with
        {
            Features = [trained.Features[0] with { ColumnName = format.Features[0].ColumnName }],
            Label = format.Label with { Scaling = trained.Label.Scaling },
        };
    }
}
