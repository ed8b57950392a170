using System.Diagnostics;

namespace Microsoft.ML.NTM.Tests;

/// <summary>A program run by a test.</summary>
internal static class ChildProcess
{
    /// <summary>Runs it to its end; the output is what it wrote to both streams.</summary>
    public static (int ExitCode, string Output) Run(string program, params string[] arguments) => Run([], program, arguments);

    /// <summary>Runs it to its end with variables in its environment.</summary>
    public static (int ExitCode, string Output) Run(Dictionary<string, string> variables, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // The test host's own settings must not reach a build.
        string[] settings = [.. start.Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))];
        foreach (string name in settings)
            start.Environment.Remove(name);
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
