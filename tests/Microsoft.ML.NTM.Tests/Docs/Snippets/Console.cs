using System.Globalization;
using System.Text;

namespace Microsoft.ML.NTM.Tests.Docs.Snippets;

/// <summary>What snippets print, also for the test that compares it with what the page says they print.</summary>
internal static class Console
{
    private static readonly AsyncLocal<StringBuilder?> s_printed = new();

    /// <summary>Keeps what this test prints from now on.</summary>
    public static StringBuilder Listen() => s_printed.Value = new StringBuilder();

    public static void WriteLine(object? value)
    {
        System.Console.WriteLine(value);
        s_printed.Value?.Append(CultureInfo.InvariantCulture, $"{value}\n");
    }
}
