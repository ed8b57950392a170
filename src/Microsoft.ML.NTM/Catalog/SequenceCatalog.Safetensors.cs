using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Model.Safetensors;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM;

public sealed partial class SequenceCatalog
{
    /// <summary>
    /// A transformer of a safetensors file that says among its metadata what network it is of, which columns it reads and how they are
    /// scaled: what <see cref="SequenceTransformer.ExportSafetensors"/> writes.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">Not a safetensors file, or its metadata do not describe a sequence model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public SequenceTransformer LoadSafetensors(string path)
    {
        using FileStream file = File.OpenRead(path);
        SafetensorsHeader header = SafetensorsHeader.Read(file);
        (NetworkSpec network, SequenceDescription columns) = ExportedModel.Describe(header.Metadata)
            ?? throw new InvalidDataException(
                "The safetensors file does not say what network it is of: its metadata have no 'network' and 'columns'. "
                + "Name them: LoadSafetensors(path, network, sequence).");
        ParameterSet parameters = SafetensorsReader.Read(header, file, new ParameterLayout(network));
        var model = new SequenceModelParameters(network, columns.Format, parameters, columns.ToClasses());
        return new SequenceTransformer(CatalogUtils.GetEnvironment(this), model, SequenceBackend.Auto);
    }

    /// <summary>
    /// A transformer of weights made elsewhere: the safetensors file holds the network's parameters under the names and in the shapes that
    /// <see cref="ParameterLayout"/> lists, as <see cref="SequenceTransformer.ExportSafetensors"/> writes them. Where the metadata
    /// have a scaling of the numbers, it is applied.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network's sizes and kinds.</param>
    /// <param name="sequence">How a row becomes a sequence, with a settled loss.</param>
    /// <param name="featureColumnName">The feature column.</param>
    /// <param name="labelColumnName">The label's name; scoring does not read it.</param>
    /// <param name="featuresAreKeys">Whether the feature column holds keys, one-hot or to be embedded, instead of numbers.</param>
    /// <exception cref="ArgumentException">The specs have faults; the message names them all.</exception>
    /// <exception cref="InvalidDataException">Not a safetensors file, or not of this network.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public SequenceTransformer LoadSafetensors(
        string path,
        NetworkSpec network,
        SequenceSpec sequence,
        string featureColumnName = "Features",
        string labelColumnName = "Label",
        bool featuresAreKeys = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(sequence);
        network.ThrowIfFaulty();
        sequence.ThrowIfFaulty(network);
        SequenceFormat? trained = null;
        return Create(network, sequence, featureColumnName, labelColumnName, featuresAreKeys, () =>
        {
            using FileStream file = File.OpenRead(path);
            SafetensorsHeader header = SafetensorsHeader.Read(file);
            ParameterSet parameters = SafetensorsReader.Read(header, file, new ParameterLayout(network));
            trained = ExportedModel.Describe(header.Metadata)?.Columns.Format;
            return parameters;
        }, () => trained);
    }

    /// <summary>
    /// A transformer of parameters made elsewhere, which are read last; and then what is known of the columns they were trained on.
    /// </summary>
    internal SequenceTransformer Create(NetworkSpec network, SequenceSpec sequence, string featureColumnName, string labelColumnName,
        bool featuresAreKeys, Func<ParameterSet> read, Func<SequenceFormat?>? trained = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        LabelKind kind = sequence.Loss switch
        {
            SequenceLoss.CrossEntropy => LabelKind.Key,
            SequenceLoss.BinaryCrossEntropy => LabelKind.Boolean,
            _ => LabelKind.Number,
        };
        int keys = kind == LabelKind.Key ? network.OutputSize / sequence.SoftmaxGroups : 0;
        var format = new SequenceFormat
        {
            Spec = sequence,
            Features = [Features(featureColumnName, network, sequence, featuresAreKeys)],
            Label = new LabelFormat(labelColumnName, kind, !sequence.OneLabelPerSequence, keys),
            OutputSize = network.OutputSize,
        };
        ParameterSet parameters = read();
        if (trained?.Invoke() is { } columns)
            format = ExportedModel.Scale(format, columns);
        var model = new SequenceModelParameters(network, format, parameters, classes: null);
        return new SequenceTransformer(CatalogUtils.GetEnvironment(this), model, SequenceBackend.Auto);
    }

    private static FeatureFormat Features(string name, NetworkSpec network, SequenceSpec sequence, bool keys)
    {
        if (network.EmbeddingSize == 0)
            return keys ? new FeatureFormat(name, 1, sequence.FeatureSize) : new FeatureFormat(name, sequence.FeatureSize);
        if (!keys || network.EmbeddedSize != sequence.FeatureSize)
            throw new ArgumentException(
                "A network with an embedding and a single feature column reads keys and nothing else: expected featuresAreKeys and "
                + $"{sequence.FeatureSize} embedded inputs, got {(keys ? "keys" : "numbers")} and {network.EmbeddedSize}.",
                    nameof(network));
        return new FeatureFormat(name, network.KeysPerStep, network.VocabularySize, network.EmbeddingSize);
    }
}
