using System.Text;
using System.Text.Json;
using Microsoft.ML.NTM.Interop;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM;

/// <summary>
/// What a forecasting pipeline's own stages keep in ML.NET's .zip: how many columns are forecast. Untrusted, like a model's parts.
/// </summary>
internal static class SeriesStageFile
{
    private const string Part = "series.json", Member = "ForecastColumns";

    // 0x00010001: the first.
    private static VersionInfo Version(string loader) => new(
        modelSignature: "SEQSERIE",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderAssemblyName: typeof(SeriesStageFile).Assembly.FullName!,
        loaderSignature: loader);

    public static void Save(ModelSaveContext context, string loader, int columns) =>
        ModelFile.Save(context, Version(loader),
            [(Part, Encoding.UTF8.GetBytes(FormattableString.Invariant($"{{\"{Member}\": {columns}}}")))]);

    /// <exception cref="InvalidDataException">The file is damaged, was edited, or holds what cannot be.</exception>
    public static int Load(ModelLoadContext context, string loader)
    {
        try
        {
            if (!ModelFile.Load(context, Version(loader)).TryGetValue(Part, out byte[]? content))
                throw new InvalidDataException($"The model file has no part '{Part}'.");
            JsonLimits.Check(content, mostTexts: 1);
            using JsonDocument json = JsonDocument.Parse(content);
            int columns = json.RootElement.GetProperty(Member).GetInt32();
            return columns >= 1 ? columns : throw new FormatException($"{Member} is {columns}.");
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException($"The model file does not say which columns are forecast: {fault.Message}", fault);
        }
    }
}
