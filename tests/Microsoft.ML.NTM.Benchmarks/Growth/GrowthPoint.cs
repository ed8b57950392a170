using System.Globalization;

namespace Microsoft.ML.NTM.Benchmarks.Growth;

/// <summary>What a network took where one of its sizes was changed: milliseconds of an update and of scoring, and bytes held.</summary>
internal sealed record GrowthPoint(string Network, string Size, int Value, int Threads, double Update, double Score, double Bytes)
{
    private const string Header = "network,size,value,threads,update ms,score ms,bytes";

    /// <summary>All points of a file; none where there is no file.</summary>
    public static List<GrowthPoint> Read(string path) => !File.Exists(path) ? [] : [.. File.ReadLines(path).Skip(1).Select(line =>
    {
        string[] cells = line.Split(',');
        double Number(int cell) => double.Parse(cells[cell], CultureInfo.InvariantCulture);
        return new GrowthPoint(cells[0], cells[1], (int)Number(2), (int)Number(3), Number(4), Number(5), Number(6));
    })];

    /// <summary>Adds a point to a file.</summary>
    public void AddTo(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (!File.Exists(path))
            File.WriteAllText(path, Header + "\n");
        File.AppendAllText(path, FormattableString.Invariant($"{Network},{Size},{Value},{Threads},{Update:G5},{Score:G5},{Bytes:G6}\n"));
    }
}
