using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.NTM.Training.Checkpoints;

/// <summary>
/// What makes a training the training it is: everything that decides its result, but for the seed. Two trainings with the same parts and
/// seed give the same bits, so the one may go on from the other's checkpoint; with any part different, never.
/// </summary>
/// <param name="Parts">Each part as a text under its name.</param>
internal sealed record TrainingIdentity(IReadOnlyDictionary<string, string> Parts)
{
    // What a message quotes of a part.
    private const int Quoted = 40;

    // Bytes of the file, at most: many columns have long names.
    private const long LongestFile = 1 << 20;

    // How many differing parts a message names.
    private const int Named = 4;

    /// <summary>A name for it that a folder can have: 16 hexadecimal digits.</summary>
    public string Key
    {
        get
        {
            var text = new StringBuilder();
            foreach ((string name, string value) in Parts.OrderBy(part => part.Key, StringComparer.Ordinal))
                text.Append(name.Length).Append(':').Append(name).Append(value.Length).Append(':').Append(value);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
        }
    }

    /// <summary>The names of the parts that <paramref name="other"/> has otherwise.</summary>
    public string[] Differences(TrainingIdentity other) =>
        [.. Parts.Keys.Union(other.Parts.Keys).Where(name => Parts.GetValueOrDefault(name) != other.Parts.GetValueOrDefault(name))
            .Order(StringComparer.Ordinal)];

    /// <summary>The differences in words, each with both values where they are short.</summary>
    public string Describe(TrainingIdentity other)
    {
        string[] names = Differences(other);
        IEnumerable<string> first = names.Take(Named).Select(name =>
        {
            (string there, string here) = (other.Parts.GetValueOrDefault(name, "not there"), Parts.GetValueOrDefault(name, "not there"));
            string shown = Model.Quoted.Text(name);
            return there.Length + here.Length > 2 * Quoted ? shown : $"{shown} ({there} there, {here} here)";
        });
        return string.Join(", ", first) + (names.Length > Named ? $" and {names.Length - Named} more" : "");
    }

    /// <summary>The parts as JSON, for whoever looks into the folder and for <see cref="Describe"/>.</summary>
    public byte[] Write() =>
        JsonSerializer.SerializeToUtf8Bytes(new SortedDictionary<string, string>(Parts.ToDictionary(), StringComparer.Ordinal),
        IdentityJsonContext.Default.SortedDictionaryStringString);

    /// <summary>What <see cref="Write"/> wrote to a file, or null where that cannot be read or is longer than an identity.</summary>
    public static TrainingIdentity? ReadFile(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && file.Length <= LongestFile ? Read(File.ReadAllBytes(path)) : null;
    }

    /// <summary>What <see cref="Write"/> wrote, or null where that cannot be read.</summary>
    public static TrainingIdentity? Read(byte[] utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, IdentityJsonContext.Default.SortedDictionaryStringString) is { } parts
                ? new TrainingIdentity(parts) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>Serialization code made at build time.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class IdentityJsonContext : JsonSerializerContext;
