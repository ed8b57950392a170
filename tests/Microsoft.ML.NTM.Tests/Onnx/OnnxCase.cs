using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Onnx;

/// <summary>
/// A seeded model of any kind with rows it can score: numbers, one-hot keys and embedded keys in any mixture, every alignment, label and
/// loss.
/// </summary>
internal sealed class OnnxCase
{
    public const string Numbers = "Features", Keys = "Keys", Words = "Words", Wanted = "Wanted";

    private OnnxCase(SequenceModelParameters model, OnnxRow[] rows) => (Model, Rows) = (model, rows);

    public SequenceModelParameters Model { get; }

    public OnnxRow[] Rows { get; }

    public static OnnxCase Random(NetworkKind kind, int seed, int[] lengths, double scale = 0.7, bool bothWays = false)
    {
        var random = new Random(seed * 41 + (int)kind);
        (NetworkSpec network, SequenceSpec sequence) = RandomSpecs.Get(kind, seed);
        FeatureFormat[] features = Features(random);
        network = network with { EmbeddingSize = 0, VocabularySize = 0, KeysPerStep = 0 };
        // Both ways there is no graph for a clip that an output reaches.
        if (bothWays)
            network = network with { Bidirectional = true, ControllerClip = 20f };
        bool single = random.Next(3) == 0;
        sequence = sequence with
        {
            FeatureSize = features.Sum(feature => feature.Width),
            OneLabelPerSequence = single,
            Alignment = !single && random.Next(2) == 0 ? SequenceAlignment.AfterInput : SequenceAlignment.EveryStep,
            SoftmaxGroups = single || sequence.Loss != SequenceLoss.CrossEntropy ? 1 : sequence.SoftmaxGroups,
        };
        if (sequence.Alignment == SequenceAlignment.AfterInput)
        {
            sequence = sequence with
            {
                OutputLength = random.Next(3) == 0 ? random.Next(1, 6) : null,
                OutputLengthColumnName = random.Next(3) == 0 ? Wanted : null,
            };
        }
        LabelKind label = sequence.Loss switch
        {
            SequenceLoss.CrossEntropy => LabelKind.Key,
            SequenceLoss.BinaryCrossEntropy => LabelKind.Boolean,
            _ => LabelKind.Number,
        };
        int outputs = single && sequence.Loss != SequenceLoss.CrossEntropy ? 1 : network.OutputSize;
        var format = new SequenceFormat
        {
            Spec = sequence,
            Features = features,
            Label = new LabelFormat("Label", label, !single, label == LabelKind.Key ? outputs / sequence.SoftmaxGroups : 0,
                label == LabelKind.Number && random.Next(2) == 0 ? Scaling(outputs, random, null) : null),
            OutputSize = outputs,
        };
        network = format.Embed(network with { InputSize = format.InputSize, OutputSize = outputs });
        var parameters = new ParameterSet(network);
        RandomBatches.Parameters(network, seed, scale).Select(x => (float)x).ToArray().CopyTo(parameters.Values, 0);
        return new OnnxCase(new SequenceModelParameters(network, format, parameters, classes: null),
            [.. lengths.Select(length => Row(features, length, random))]);
    }

    /// <summary>The model with its parameters moved by a rounding to single precision, up or down.</summary>
    public SequenceModelParameters Rounded(int seed)
    {
        var random = new Random(seed);
        var parameters = new ParameterSet(Model.Network);
        Array.ConvertAll(Model.Parameters.Values, x =>
            (float)(x * (1 + (random.Next(2) * 2 - 1) / (double)(1 << 23)))).CopyTo(parameters.Values, 0);
        return new SequenceModelParameters(Model.Network, Model.Format, parameters, classes: null);
    }

    public IDataView View(MLContext ml)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(OnnxRow));
        foreach (FeatureFormat feature in Model.Format.Features.Where(feature => feature.IsKey))
            schema[feature.ColumnName].ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), feature.KeyCount));
        foreach (string unused in new[] { Keys, Words }.Except(Model.Format.Features.Select(feature => feature.ColumnName)))
            schema.Remove(schema[unused]);
        return ml.Data.LoadFromEnumerable(Rows, schema);
    }

    private static ChannelScaling Scaling(int channels, Random random, float? limit) => new(
        [.. Enumerable.Range(0, channels).Select(_ => random.NextSingle() * 2 - 1)],
        [.. Enumerable.Range(0, channels).Select(_ => random.NextSingle() + 0.3f)],
        limit);

    private static FeatureFormat[] Features(Random random)
    {
        var features = new List<FeatureFormat>();
        if (random.Next(4) > 0)
        {
            int width = random.Next(1, 4);
            features.Add(new FeatureFormat(Numbers, width, Missing: (MissingFeatures)random.Next(3),
                Scaling: random.Next(2) == 0 ? Scaling(width, random, random.Next(2) == 0 ? 1f : null) : null));
        }
        if (random.Next(3) == 0)
            features.Add(new FeatureFormat(Keys, random.Next(1, 3), random.Next(1, 5)));
        if (random.Next(3) == 0 || features.Count == 0)
            features.Add(new FeatureFormat(Words, random.Next(1, 3), random.Next(1, 5), random.Next(1, 4)));
        // A second embedded column shares the table.
        if (features[^1].IsEmbedded && features.Count == 1)
            features.Add(new FeatureFormat(Keys, 1, random.Next(1, 4), features[0].EmbeddingSize));
        return [.. features.OrderBy(_ => random.Next())];
    }

    private static OnnxRow Row(FeatureFormat[] features, int length, Random random)
    {
        uint[] Some(string name) => features.FirstOrDefault(feature => feature.ColumnName == name) is { } feature
            ? [.. Enumerable.Range(0, length * feature.ValuesPerStep).Select(_ => (uint)random.Next(feature.KeyCount + 1))] : [];
        FeatureFormat? numbers = features.FirstOrDefault(feature => feature.ColumnName == Numbers);
        bool misses = numbers is { Missing: not MissingFeatures.Error };
        return new OnnxRow
        {
            Features = [.. Enumerable.Range(0, length * (numbers?.ValuesPerStep ?? 1))
                .Select(_ => misses && random.Next(5) == 0 ? float.NaN : random.NextSingle() * 2 - 1)],
            Keys = Some(Keys),
            Words = Some(Words),
            Wanted = random.Next(1, 8),
        };
    }
}

/// <summary>What a case's rows hold.</summary>
internal sealed class OnnxRow
{
    public float[] Features { get; set; } = [];
    public uint[] Keys { get; set; } = [];
    public uint[] Words { get; set; } = [];
    public int Wanted { get; set; }
}
