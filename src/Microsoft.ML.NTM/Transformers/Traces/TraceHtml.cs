using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.NTM.Transformers.Traces;

/// <summary>A trace as one HTML file that needs nothing else: page, style and script of the folder Walk with the numbers inside.</summary>
internal static class TraceHtml
{
    private static readonly string[] s_scripts = ["data.js", "colours.js", "bands.js", "step.js", "walk.js"];

    /// <summary>The file's text.</summary>
    public static string Write(SequenceTrace trace) => Part("trace.html")
        .Replace("/*STYLE*/", Part("trace.css"), StringComparison.Ordinal)
        .Replace("/*SCRIPT*/", string.Concat(s_scripts.Select(Part)), StringComparison.Ordinal)
        .Replace("/*DATA*/", Data(trace), StringComparison.Ordinal);

    // Single numbers as base64 of their little-endian bytes: a third of what digits take, and no digit lost.
    private static string Data(SequenceTrace trace)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("row", trace.Row);
            json.WriteNumber("steps", trace.Steps);
            json.WriteNumber("slots", trace.Slots);
            json.WriteStartArray("used");
            foreach (int slot in trace.SlotsInUse)
                json.WriteNumberValue(slot);
            json.WriteEndArray();
            json.WriteStartArray("series");
            foreach (TraceSeries series in trace.Series)
            {
                json.WriteStartObject();
                json.WriteString("name", series.Name);
                json.WriteNumber("width", series.Width);
                json.WriteBoolean("slots", trace.IsOverSlots(series));
                json.WriteBase64String("values", LittleEndian(series.Values));
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static byte[] LittleEndian(ReadOnlySpan<float> values)
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            for (int i = 0; i < bytes.Length; i += sizeof(float))
                bytes.AsSpan(i, sizeof(float)).Reverse();
        }
        return bytes;
    }

    private static string Part(string name)
    {
        using Stream stream = typeof(TraceHtml).Assembly.GetManifestResourceStream("Walk." + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
