using Microsoft.ML.NTM.Tests.Conformance;

namespace Microsoft.ML.NTM.Tests.Trainers;

/// <summary>Every trainer with every kind of label and of features, fresh and reloaded.</summary>
[TestClass]
public sealed class TrainerConformanceTests
{
    private static readonly string[] s_trainers = ["Ntm", "Dnc", "Lstm"];

    private static IEnumerable<object[]> Kinds() =>
        from trainer in s_trainers
        from features in SampleData.FeatureKinds
        from label in SampleData.LabelKinds
        select new object[] { trainer, features, label };

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void TrainerKeepsItsPromisesForEveryKindOfColumn(string trainer, string features, string label) =>
        Check(trainer, features, label, SequenceAlignment.EveryStep, outputSize: null);

    [TestMethod]
    [DataRow("Ntm", "numbers", "vector of Single", 1)]
    [DataRow("Dnc", "keys", "vector of Boolean", 1)]
    [DataRow("Ntm", "embedded keys", "vector of keys", 3)]
    [DataRow("Lstm", "fixed numbers", "vector of keys", 3)]
    public void TrainerKeepsItsPromisesForAnswersAfterTheInput(string trainer, string features, string label, int outputSize) =>
        Check(trainer, features, label, SequenceAlignment.AfterInput, outputSize);

    private static void Check(string trainer, string features, string label, SequenceAlignment alignment, int? outputSize)
    {
        var ml = new MLContext(seed: 1);
        IDataView valid = SampleData.Create(ml, features, label);
        IDataView noFeatures = ml.Transforms.DropColumns("Features").Fit(valid).Transform(valid);
        IDataView texts = ml.Data.LoadFromEnumerable([new { Label = 1f, Features = new[] { "b" } }]);
        EstimatorConformance.Check(ml, Create(ml, trainer, alignment, outputSize, features == "embedded keys" ? 3 : 0), valid, noFeatures,
            texts);
    }

    private static IEstimator<ITransformer> Create(MLContext ml, string trainer, SequenceAlignment alignment, int? outputSize,
        int embedding)
    {
        SequenceCatalog.SequenceTrainers trainers = ml.Sequence.Trainers;
        return trainer switch
        {
            "Ntm" => trainers.Ntm(Small(new NtmTrainer.Options { MemorySlots = 6, MemoryWidth = 3 })),
            "Dnc" => trainers.Dnc(Small(new DncTrainer.Options { MemorySlots = 6, MemoryWidth = 3 })),
            _ => trainers.Lstm(Small(new LstmTrainer.Options())),
        };

        T Small<T>(T options)
            where T : ControllerTrainerOptions
        {
            (options.ControllerSize, options.NumberOfIterations, options.BatchSize) = (5, 2, 2);
            (options.Alignment, options.OutputSize, options.EmbeddingSize) = (alignment, outputSize, embedding);
            return options;
        }
    }
}
