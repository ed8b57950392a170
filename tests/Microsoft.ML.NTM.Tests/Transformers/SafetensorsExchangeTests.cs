using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Model.Safetensors;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Tests.Data;
using Microsoft.ML.NTM.Tests.Trainers;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM.Tests.Transformers;

[TestClass]
public sealed class SafetensorsExchangeTests
{
    [TestMethod]
    public void ExportedWeightsScoreTheSameBitsInAnotherTransformer()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SmallNtm.Data(ml, rows: 6);
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options(iterations: 2)).Fit(data);
        string path = Path.GetTempFileName();
        model.ExportSafetensors(path);

        using SequenceTransformer loaded = new MLContext().Sequence.LoadSafetensors(path, model.Model.Network, model.Model.Sequence);
        File.Delete(path);

        CollectionAssert.AreEqual(model.Model.Parameters.Values, loaded.Model.Parameters.Values);
        DataViewValues.AssertSame(model.Transform(data), loaded.Transform(data));
        ITransformer zipped = EstimatorConformance.Reload(ml, loaded, data.Schema);
        DataViewValues.AssertSame(model.Transform(data), zipped.Transform(data));
    }

    [TestMethod]
    [DataRow("numbers", "Single")]
    [DataRow("fixed numbers", "vector of Boolean")]
    [DataRow("keys", "Boolean")]
    [DataRow("keys", "key")]
    [DataRow("embedded keys", "vector of Single")]
    [DataRow("numbers", "vector of keys")]
    public void ExportedWeightsAreAModelByThemselves(string features, string label)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SampleData.Create(ml, features, label);
        LstmTrainer.Options options = Scaled();
        options.EmbeddingSize = features == "embedded keys" ? 2 : 0;
        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(options).Fit(data);
        string path = Path.GetTempFileName();
        model.ExportSafetensors(path);

        using SequenceTransformer loaded = new MLContext().Sequence.LoadSafetensors(path);
        File.Delete(path);

        DataViewValues.AssertSame(model.Transform(data), loaded.Transform(data));
        Assert.AreEqual(model.Model.Format.Features[0], loaded.Model.Format.Features[0]);
        Assert.IsNull(loaded.Model.History);
    }

    [TestMethod]
    public void ScalingGoesWithTheWeightsUnderOtherNamesOrIsAnError()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SampleData.Create(ml, "numbers", "vector of Single");
        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(Scaled()).Fit(data);
        string path = Path.GetTempFileName();
        model.ExportSafetensors(path);

        using SequenceTransformer renamed = ml.Sequence.LoadSafetensors(path, model.Model.Network, model.Model.Sequence, "Readings");
        IDataView readings = ml.Transforms.CopyColumns("Readings", "Features").Fit(data).Transform(data);
        CollectionAssert.AreEqual(Scores(model.Transform(data)), Scores(renamed.Transform(readings)));

        SequenceSpec other = model.Model.Sequence with { Loss = SequenceLoss.BinaryCrossEntropy };
        Row.Fails<InvalidDataException>(() => ml.Sequence.LoadSafetensors(path, model.Model.Network, other), "'Features' of 2 per step",
            "LoadSafetensors(path)");
        File.Delete(path);
    }

    [TestMethod]
    public void WeightsThatDoNotSayWhatTheyAreNeedSpecs()
    {
        var ml = new MLContext(seed: 1);
        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(Scaled()).Fit(SampleData.Create(ml, "numbers", "Single"));
        string path = Path.GetTempFileName();
        Write(new Dictionary<string, string>());
        Row.Fails<InvalidDataException>(() => ml.Sequence.LoadSafetensors(path), "'network' and 'columns'",
            "LoadSafetensors(path, network, sequence)");
        string network = Encoding.UTF8.GetString(SpecJson.Write(model.Model.Network)),
            columns = Encoding.UTF8.GetString(SequenceDescription.Of(model.Model).ToJson());
        foreach (string damaged in new[] { "", "{}", "null", columns[..^9], columns.Replace("Deviations", "Variations"),
            columns.Replace("\"OutputSize\": 1", "\"OutputSize\": 2") })
        {
            Write(new Dictionary<string, string> { ["network"] = network, ["columns"] = damaged });
            Assert.ThrowsExactly<InvalidDataException>(() => ml.Sequence.LoadSafetensors(path), damaged);
        }
        Write(new Dictionary<string, string> { ["network"] = network, ["columns"] = columns });
        ml.Sequence.LoadSafetensors(path).Dispose();
        File.Delete(path);

        void Write(Dictionary<string, string> metadata)
        {
            using FileStream file = File.Create(path);
            SafetensorsWriter.Write(file, model.Model.Parameters, metadata);
        }
    }

    private static LstmTrainer.Options Scaled() => new()
    {
        ControllerSize = 4,
        NumberOfIterations = 1,
        FeatureScaling = SequenceScaling.Standardize,
        LabelScaling = SequenceScaling.Standardize,
        MissingFeatures = MissingFeatures.ZeroWithIndicator,
    };

    private static float[] Scores(IDataView scored) => [.. scored.GetColumn<float[]>("Score").SelectMany(score => score)];

    [TestMethod]
    [DataRow("numbers", "Single")]
    [DataRow("keys", "Boolean")]
    [DataRow("keys", "key")]
    [DataRow("embedded keys", "vector of Single")]
    [DataRow("numbers", "vector of keys")]
    public void WeightsOfEveryKindOfTaskCanBeLoaded(string features, string label)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SampleData.Create(ml, features, label);
        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(new()
        {
            ControllerSize = 4,
            NumberOfIterations = 1,
            EmbeddingSize = features == "embedded keys" ? 2 : 0,
        }).Fit(data);
        string path = Path.GetTempFileName();
        model.ExportSafetensors(path);

        using SequenceTransformer loaded = ml.Sequence.LoadSafetensors(path, model.Model.Network, model.Model.Sequence,
            featuresAreKeys: features.EndsWith("keys", StringComparison.Ordinal));
        File.Delete(path);

        DataViewValues.AssertSame(model.Transform(data), loaded.Transform(data));
    }

    [TestMethod]
    public void WeightsOfAnotherNetworkAndFaultySpecsAreRefused()
    {
        var ml = new MLContext(seed: 1);
        using SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options(iterations: 1)).Fit(SmallNtm.Data(ml, rows: 4));
        string path = Path.GetTempFileName();
        model.ExportSafetensors(path);

        NetworkSpec wider = model.Model.Network with { MemoryWidth = 7 };
        Row.Fails<InvalidDataException>(() => ml.Sequence.LoadSafetensors(path, wider, model.Model.Sequence), "not this network's",
            "heads.weight");
        Row.Fails<ArgumentException>(() => ml.Sequence.LoadSafetensors(path, model.Model.Network,
            model.Model.Sequence with { Loss = SequenceLoss.Auto }), "Loss must be settled");
        File.Delete(path);
        Row.Fails<FileNotFoundException>(() => ml.Sequence.LoadSafetensors(path, model.Model.Network, model.Model.Sequence), path);
        model.Model.Parameters.Values[0] = float.NaN;
        Row.Fails<ArgumentException>(() => model.ExportSafetensors(path), "only finite numbers");
        Assert.IsFalse(File.Exists(path));
    }
}
