using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Tests.Data;
using Microsoft.ML.NTM.Tests.Trainers;

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
    [DataRow("keys", "Boolean")]
    [DataRow("keys", "key")]
    [DataRow("embedded keys", "vector of Single")]
    [DataRow("numbers", "vector of keys")]
    public void WeightsOfEveryKindOfTaskCanBeLoaded(string features, string label)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SampleData.Create(ml, features, label);
        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(new() { ControllerSize = 4, NumberOfIterations = 1, EmbeddingSize = features == "embedded keys" ? 2 : 0 }).Fit(data);
        string path = Path.GetTempFileName();
        model.ExportSafetensors(path);

        using SequenceTransformer loaded = ml.Sequence.LoadSafetensors(path, model.Model.Network, model.Model.Sequence, featuresAreKeys: features.EndsWith("keys", StringComparison.Ordinal));
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
        Row.Fails<InvalidDataException>(() => ml.Sequence.LoadSafetensors(path, wider, model.Model.Sequence), "not this network's", "heads.weight");
        Row.Fails<ArgumentException>(() => ml.Sequence.LoadSafetensors(path, model.Model.Network, model.Model.Sequence with { Loss = SequenceLoss.Auto }), "Loss must be settled");
        File.Delete(path);
        Row.Fails<FileNotFoundException>(() => ml.Sequence.LoadSafetensors(path, model.Model.Network, model.Model.Sequence), path);
        model.Model.Parameters.Values[0] = float.NaN;
        Row.Fails<ArgumentException>(() => model.ExportSafetensors(path), "only finite numbers");
        Assert.IsFalse(File.Exists(path));
    }
}
