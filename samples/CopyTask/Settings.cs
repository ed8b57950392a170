using System.Globalization;
using Microsoft.ML.NTM;

/// <summary>What the command line says: <c>--length 20 --width 8 --slots 128 --slot-width 20 --seed 1 --backend auto --iterations 8000 --out folder</c>.</summary>
internal sealed record Settings
{
    public int Length { get; private init; } = 20;
    public int Width { get; private init; } = 8;
    public int Slots { get; private init; } = 128;
    public int SlotWidth { get; private init; } = 20;
    public int Seed { get; private init; } = 1;
    public SequenceBackend Backend { get; private init; } = SequenceBackend.Auto;
    public int Iterations { get; private init; } = 8_000;
    public string Folder { get; private init; } = Path.Combine(Path.GetTempPath(), "ntm-copy");

    public static Settings Parse(string[] arguments)
    {
        var settings = new Settings();
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string value = i + 1 < arguments.Length ? arguments[i + 1] : throw new ArgumentException($"{arguments[i]} needs a value.");
            settings = arguments[i] switch
            {
                "--length" => settings with { Length = Number(value) },
                "--width" => settings with { Width = Number(value) },
                "--slots" => settings with { Slots = Number(value) },
                "--slot-width" => settings with { SlotWidth = Number(value) },
                "--seed" => settings with { Seed = Number(value) },
                "--iterations" => settings with { Iterations = Number(value) },
                "--backend" => settings with { Backend = Enum.Parse<SequenceBackend>(value, ignoreCase: true) },
                "--out" => settings with { Folder = value },
                _ => throw new ArgumentException($"{arguments[i]} is not known. Known: --length --width --slots --slot-width --seed --iterations --backend --out."),
            };
        }
        return settings;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
