using Microsoft.ML.NTM.Tests.Conformance;

namespace Microsoft.ML.NTM.Tests.Trainers;

[TestClass]
public sealed class NtmTrainerConformanceTests
{
    private static IEnumerable<object[]> Kinds() => SampleData.FeatureKinds.SelectMany(features => SampleData.LabelKinds.Select(label => new object[] { features, label }));

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void TrainerKeepsItsPromisesForEveryKindOfColumn(string features, string label)
    {
        var ml = new MLContext(seed: 1);
        IDataView valid = SampleData.Create(ml, features, label);
        NtmTrainer trainer = ml.Sequence.Trainers.Ntm(new NtmTrainer.Options { MaxIterations = 2, BatchSize = 2, ControllerSize = 5, MemorySlots = 6, MemoryWidth = 3 });

        IDataView noFeatures = ml.Transforms.DropColumns("Features").Fit(valid).Transform(valid);
        IDataView textFeatures = ml.Transforms.CopyColumns("Label", "Features").Append(ml.Transforms.Concatenate("Features", "Text")).Fit(Texts(ml)).Transform(Texts(ml));
        EstimatorConformance.Check(ml, trainer, valid, noFeatures, textFeatures);
    }

    private static IDataView Texts(MLContext ml) => ml.Data.LoadFromEnumerable([new { Features = "a", Text = "b" }]);
}
