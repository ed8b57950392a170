namespace Microsoft.ML.NTM.Tests;

/// <summary>The machine's Python, for checks against programs of others.</summary>
internal static class Python
{
    private static readonly string[] s_places = [.. Environment.GetEnvironmentVariable("NTM_PYTHON") is { } chosen ? [chosen] : new[]
    {
        "python3", "/usr/bin/python3", "python",
    }];

    /// <summary>A Python that has these modules; the test is inconclusive without one.</summary>
    public static string With(params string[] modules) =>
        s_places.FirstOrDefault(program => Has(program, modules)) ?? throw new AssertInconclusiveException(
            $"No Python here has {string.Join(" and ", modules)}; the environment variable NTM_PYTHON can name one.");

    /// <summary>Runs a program of Python; its output.</summary>
    public static string Run(string python, params string[] arguments)
    {
        (int exitCode, string output) = ChildProcess.Run(python, arguments);
        Assert.AreEqual(0, exitCode, $"{python} {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    private static bool Has(string program, string[] modules)
    {
        try
        {
            return ChildProcess.Run(program, "-c", $"import {string.Join(", ", modules)}").ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
