using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Training.Checkpoints;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM.Trainers;

/// <summary>What decides a training's result, in the words of its options: see <see cref="TrainingIdentity"/>.</summary>
internal static class IdentityParts
{
    // Options that only say when a training ends, what it runs on and what it leaves behind. An option that is not named here counts.
    private static readonly string[] s_indifferent =
    [
        nameof(SequenceTrainerOptions.NumberOfIterations), nameof(SequenceTrainerOptions.TimeBudget),
            nameof(SequenceTrainerOptions.TargetLoss),
        nameof(SequenceTrainerOptions.EarlyStoppingPatience), nameof(SequenceTrainerOptions.CheckpointFolder),
        nameof(SequenceTrainerOptions.CheckpointInterval), nameof(SequenceTrainerOptions.ReportInterval),
            nameof(SequenceTrainerOptions.Backend),
        nameof(SequenceTrainerOptions.NumberOfThreads), nameof(SequenceTrainerOptions.Seed),
    ];

    /// <summary>The identity of a training.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="network">Its network.</param>
    /// <param name="format">How its data is read.</param>
    /// <param name="data">Its data.</param>
    /// <param name="initialModel">The model it goes on from, or null.</param>
    /// <param name="engine">What runs the network: engines agree, but not to the last bit.</param>
    public static TrainingIdentity Of(
        SequenceTrainerOptions options, NetworkSpec network, SequenceFormat format, HoldOut data, SequenceModelParameters? initialModel,
            string engine)
    {
        var parts = new Dictionary<string, string>
        {
            ["network"] = Encoding.UTF8.GetString(SpecJson.Write(network)),
            ["sequence"] = Encoding.UTF8.GetString(SpecJson.Write(format.Spec)),
            ["data"] = DataDigest.Of(data.Training, format),
            ["validation data"] = data.Validation is null ? "none" : DataDigest.Of(data.Validation, format),
            ["key values"] = KeyValuesOf(data.Training.Schema, format),
            ["initial model"] = WarmStart.Fingerprint(initialModel),
            ["engine"] = engine,
        };
        foreach (PropertyInfo option in options.GetType().GetProperties())
        {
            if (option.CanWrite && option.GetCustomAttribute<JsonIgnoreAttribute>() is null && Counts(option.Name, options))
                parts[option.Name] = Text(option.GetValue(options));
        }
        return new TrainingIdentity(parts);
    }

    // The learning rate of a decaying schedule depends on where it ends.
    private static bool Counts(string option, SequenceTrainerOptions options) => !s_indifferent.Contains(option)
        || option == nameof(SequenceTrainerOptions.NumberOfIterations) && options.LearningRateDecay == LearningRateDecay.Cosine;

    private static string Text(object? value) => value switch
    {
        null => "null",
        string[] names => string.Join(", ", names),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string KeyValuesOf(DataViewSchema schema, SequenceFormat format)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in format.Features.Select(feature => feature.ColumnName).Append(format.Label.ColumnName))
        {
            (string Type, string[] Values)? classes = LabelClasses.Of(schema[name])?.Format();
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}: {classes?.Type} {classes?.Values.Length}\n"));
            foreach (string value in classes?.Values ?? [])
                hash.AppendData(Encoding.UTF8.GetBytes($"{value.Length}:{value}"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
