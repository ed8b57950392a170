using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;

namespace Microsoft.ML.NTM.Benchmarks.RealData;

/// <summary>A row of a sequence, and what it is.</summary>
internal sealed record ClassifiedStep(string Id, float[] Inputs, string Class);

/// <summary>
/// The class of each window's last row, by the mean of the classes' recalls or by the share of right answers. Whole sequences are tested
/// on.
/// </summary>
/// <param name="name">What it is called.</param>
/// <param name="metric">"macro recall" or "accuracy".</param>
/// <param name="steps">All rows, each sequence's together and in order.</param>
/// <param name="isTest">Which sequences are tested on.</param>
/// <param name="window">Rows that an answer is made from.</param>
/// <param name="optimum">What nothing can beat, for made sequences.</param>
internal sealed class ClassificationSet(
    string name, string metric, ClassifiedStep[] steps, Func<string, bool> isTest, int window, double? optimum = null) : RealDataSet(name,
        metric)
{
    public override RealDataSet Inner()
    {
        ClassifiedStep[] part = [.. steps.Where(step => !isTest(step.Id))];
        string[] ids = [.. part.Select(step => step.Id).Distinct()];
        HashSet<string> test = [.. ids.Where((_, place) => place % 3 == 2)];
        return new ClassificationSet(Name, Metric, part, test.Contains, window);
    }

    public override int TestRows => Counted(steps.Where(step => isTest(step.Id))).Length;

    public override IEnumerable<(string Model, double Value)> Naive()
    {
        if (optimum is double best)
            yield return ("optimum", best);
        string commonest = Counted(steps.Where(step => !isTest(step.Id))).GroupBy(name => name).MaxBy(group => group.Count())!.Key;
        string[] test = Counted(steps.Where(step => isTest(step.Id)));
        yield return ("commonest class", Metric == "accuracy" ? test.Average(name => name == commonest ? 1.0 : 0)
            : 1.0 / test.Distinct().Count());
    }

    public override double Train(string trainer, int seed)
    {
        var ml = new MLContext(seed);
        return Measure(ml, Ours(ml, trainer, seed));
    }

    public override double TrainFlat(string trainer)
    {
        var ml = new MLContext(1);
        return Measure(ml, trainer == "FastTree"
            ? ml.MulticlassClassification.Trainers.OneVersusAll(ml.BinaryClassification.Trainers.FastTree(
                new FastTreeBinaryTrainer.Options { NumberOfThreads = 1 }))
            : ml.Transforms.NormalizeMeanVariance("Features", fixZero: false)
                .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(
                new SdcaMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 1 })));
    }

    /// <summary>Windows of the sequences of the part to train on, or of the part to test on.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="test">Which part.</param>
    /// <param name="wanted">Which sequences of the part, by their place in it.</param>
    public IDataView Windows(MLContext ml, bool test, Func<int, bool> wanted)
    {
        string[] ids = [.. steps.Select(step => step.Id).Distinct().Where(id => isTest(id) == test).Where((_, place) => wanted(place))];
        IDataView table = Table(ml, ids.ToHashSet().Contains);
        return Packing(ml).Fit(table).Transform(table);
    }

    private double Measure(MLContext ml, IEstimator<ITransformer> trainer)
    {
        ITransformer model = Packing(ml).Append(trainer).Fit(Table(ml, id => !isTest(id)));
        SequenceMetrics metrics = ml.Sequence.Evaluate(model.Transform(Table(ml, isTest)));
        return Metric == "accuracy" ? metrics.ElementAccuracy : metrics.ConfusionMatrix!.Recall.Where(recall => !double.IsNaN(recall))
            .Average();
    }

    private IDataView Table(MLContext ml, Func<string, bool> wanted)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Step));
        schema[nameof(Step.Inputs)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, steps[0].Inputs.Length);
        return ml.Data.LoadFromEnumerable(steps.Where(step => wanted(step.Id))
            .Select(step => new Step { Id = step.Id, Inputs = step.Inputs, Class = step.Class }), schema);
    }

    private EstimatorChain<PackTransformer> Packing(MLContext ml)
    {
        IDataView names = ml.Data.LoadFromEnumerable(steps.Select(step => step.Class).Distinct().Order().Select(name =>
            new ClassName { Class = name }));
        return ml.Transforms.Conversion.MapValueToKey(nameof(Step.Class), keyData: names)
            .Append(ml.Sequence.Transforms.Pack([nameof(Step.Inputs)], nameof(Step.Class), nameof(Step.Id),
                labelPlacement: LabelPlacement.Last, window: window));
    }

    // The classes of the rows that end a window.
    private string[] Counted(IEnumerable<ClassifiedStep> part) =>
        [.. part.GroupBy(step => step.Id).SelectMany(sequence => sequence.Skip(window - 1)).Select(step => step.Class)];

    private sealed class Step
    {
        public string Id { get; set; } = "";
        public float[] Inputs { get; set; } = [];
        public string Class { get; set; } = "";
    }

    private sealed class ClassName
    {
        public string Class { get; set; } = "";
    }
}
