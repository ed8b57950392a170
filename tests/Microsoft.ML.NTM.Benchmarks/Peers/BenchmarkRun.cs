using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Benchmarks.Peers;

/// <summary>What one engine took for one kind of work, in milliseconds.</summary>
internal sealed record Measurement(string Network, int Batch, string Work, string Engine, int Threads, Timing Time)
{
    /// <summary>What it is a measurement of.</summary>
    [JsonIgnore]
    public string Key => $"{Network}, batch {Batch}, {Work}, {Engine}, {Threads} thread{(Threads == 1 ? "" : "s")}";
}

/// <summary>Measurements of one machine, day and commit, as kept in history.</summary>
internal sealed class BenchmarkRun
{
    public required string Date { get; init; }

    public required string Commit { get; init; }

    public required string Processor { get; init; }

    public required int Cores { get; init; }

    public required string Simd { get; init; }

    public required string Runtime { get; init; }

    public List<Measurement> Measurements { get; init; } = [];

    /// <summary>This machine's run of today, of this commit, with what history has of it.</summary>
    public static BenchmarkRun Today(out string path)
    {
        string commit = CommitOf(typeof(BenchmarkRun).Assembly);
        var run = new BenchmarkRun
        {
            Date = DateTime.UtcNow.ToString("yyyy-MM-dd"),
            Commit = commit,
            Processor = ProcessorName(),
            Cores = Environment.ProcessorCount,
            Simd = SimdWidths.Best.ToString(),
            Runtime = RuntimeInformation.FrameworkDescription,
        };
        path = Path.Combine(Folder(), $"{run.Date}-{commit}-{run.Simd.ToLowerInvariant()}.json");
        return File.Exists(path) && Read(path) is { } before && before.ToString() == run.ToString() ? before : run;
    }

    /// <summary>A run of history.</summary>
    public static BenchmarkRun Read(string path) => JsonSerializer.Deserialize<BenchmarkRun>(File.ReadAllText(path))!;

    /// <summary>Keeps a measurement, instead of an older one of the same.</summary>
    public void Keep(Measurement measurement)
    {
        Measurements.RemoveAll(other => other.Key == measurement.Key);
        Measurements.Add(measurement);
    }

    /// <summary>Writes the run, one measurement a line.</summary>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string all = JsonSerializer.Serialize(this), measured = $"\"{nameof(Measurements)}\":[";
        File.WriteAllText(path, all[..(all.IndexOf(measured, StringComparison.Ordinal) + measured.Length)] + "\n"
            + string.Join(",\n", Measurements.Select(one => JsonSerializer.Serialize(one))) + "\n]}\n");
    }

    public override string ToString() => $"{Date}, {Commit}: {Processor}, {Cores} cores, {Simd}, {Runtime}";

    /// <summary>The folder of these benchmarks in the sources, or where the program was started.</summary>
    public static string Folder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (at.Name == "Microsoft.ML.NTM.Benchmarks" && File.Exists(Path.Combine(at.FullName, "README.md")))
                return Path.Combine(at.FullName, "history");
        }
        return Path.Combine(Environment.CurrentDirectory, "history");
    }

    private static string ProcessorName()
    {
        const string File = "/proc/cpuinfo", Field = "model name";
        string? line = System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    // That the build was made of.
    private static string CommitOf(Assembly assembly)
    {
        string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        int plus = version.IndexOf('+');
        return plus < 0 ? "unknown" : version[(plus + 1)..Math.Min(plus + 8, version.Length)];
    }
}
