using System.Reflection;
using CsCheck;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>Random options: mostly sound, mostly naming columns that are there.</summary>
internal static class RandomOptions
{
    private static readonly double[] s_rates = [1e-3, 0.1, 1, 1e30, 0, -1, double.NaN, double.PositiveInfinity];

    private static readonly int[] s_batches = [1, 2, 5, 1 << 20, (1 << 20) + 1, int.MaxValue, 0];

    private static readonly int[] s_threads = [2, 1024, 1025, int.MaxValue, -1];

    // What any trainer may be asked.
    private static readonly Gen<LstmTrainer.Options> s_common = Gen.Select(
        Gen.Select(Name("Features"), Name("More"), Name("Label"), Gen.Int[0, 3]),
        Gen.Select(Name("Weight"), Name("Answers"), Gen.Int[0, 19], Gen.Int[0, 39]),
        Gen.Select(Rare(1, 3), Rare(1, 4), Rare(1, 5), Gen.Int[0, 60]),
        Gen.Select(Rare(1, 6), Rare(1, 2), Gen.Int[0, 99], Gen.Int[0, 60]),
        (features, others, sizes, learning) => new LstmTrainer.Options
        {
            FeatureColumnName = features.Item1,
            FeatureColumnNames = features.Item4 == 0 ? [features.Item1, features.Item2] : null,
            LabelColumnName = features.Item3,
            ExampleWeightColumnName = others.Item3 < 2 ? others.Item1 : null,
            OutputLengthColumnName = others.Item3 is 2 or 3 ? others.Item2 : null,
            Alignment = (SequenceAlignment)(others.Item4 == 39 ? 2 : others.Item4 % 2),
            InputSize = others.Item3 == 4 ? sizes.Item1 : null,
            EmbeddingSize = others.Item3 is 5 or 6 ? sizes.Item2 : 0,
            OutputSize = others.Item4 % 8 is 1 or 2 ? sizes.Item2 : null,
            OutputLength = others.Item4 % 8 is 3 or 4 ? sizes.Item3 : null,
            Loss = sizes.Item4 < 5 ? (SequenceLoss)sizes.Item4 : SequenceLoss.Auto,
            ControllerSize = learning.Item1,
            ControllerLayers = learning.Item2,
            LearningRate = s_rates[learning.Item3 < s_rates.Length ? learning.Item3 : 0],
            Optimizer = (OptimizerKind)(learning.Item4 == 60 ? 9 : learning.Item4 % 4),
            BatchSize = learning.Item4 is > 2 and < 10 ? s_batches[learning.Item4 - 3] : 3,
            NumberOfIterations = 2,
            NumberOfThreads = others.Item3 is > 6 and < 12 ? s_threads[others.Item3 - 7] : 1,
            ReportInterval = features.Item4 == 2 ? learning.Item1 : 100,
            GradientClipNorm = others.Item4 == 5 ? s_rates[learning.Item3 % s_rates.Length] : null,
            Seed = 1,
        });

    /// <summary>The options of one of the three trainers, with a small network of any form.</summary>
    public static readonly Gen<SequenceTrainerOptions> Trainer = Gen.Select(
        s_common,
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 31], Gen.Frequency((1, Gen.Int[0, 14]), (2, Gen.Const(15))), Gen.Int[0, 99]),
        Gen.Select(Rare(4, 8), Rare(1, 3), Rare(1, 2), Rare(1, 2)),
        (common, form, sizes) => Further(Kind(common, form.Item1, form.Item2, sizes), form.Item3, form.Item4, sizes.Item4));

    /// <summary>Options for packing.</summary>
    public static readonly Gen<PackOptions> Pack = Gen.Select(
        Gen.Select(Sources("Features"), Sources("More"), Sources("Label"), Gen.Int[0, 9]),
        Gen.Select(Name("Id"), Name("Answers"), Gen.Int[0, 9], Gen.Int[0, 9]),
        Gen.Select(Rare(1, 4), Rare(1, 3), Rare(0, 3), Gen.Int[0, 19]),
        (columns, order, sizes) => new PackOptions
        {
            Features = columns.Item4 < 8 ? [new("Features", columns.Item1)]
                : [new("Features", columns.Item1), new(columns.Item4 == 8 ? "Features" : "More", columns.Item2)],
            Label = columns.Item4 % 3 == 0 ? null : new("Label", columns.Item3),
            SequenceColumnName = order.Item3 < 5 ? order.Item1 : null,
            OrderColumnName = order.Item4 < 4 ? order.Item2 : null,
            RowsAreGrouped = order.Item4 % 2 == 0,
            Window = order.Item3 % 2 == 0 ? sizes.Item1 : null,
            Stride = sizes.Item2,
            Horizon = sizes.Item3,
            LabelPlacement = (LabelPlacement)(sizes.Item4 == 19 ? 5 : sizes.Item4 % 3),
            IncludeUnlabeled = sizes.Item4 / 3 % 2 == 0,
        });

    private static SequenceTrainerOptions Kind(
        LstmTrainer.Options common, int kind, int form, (int Slots, int Width, int Reads, int Writes) sizes)
    {
        MemoryTrainerOptions? memory = kind switch
        {
            0 => null,
            1 => new NtmTrainer.Options
            {
                NumberOfWriteHeads = sizes.Writes,
                ShiftRange = form % 3 == 0 ? 1 : 0,
                WriteRule = form % 8 == 1 ? MemoryWriteRule.Interpolate : MemoryWriteRule.EraseAdd,
                KeyTanh = form % 5 == 1,
                InitialMemory = (InitialMemory)(form % 3),
                InitialWeightings = (InitialWeightings)(form / 3 % 2),
            },
            _ => new DncTrainer.Options
            {
                MaskedContent = form % 2 == 0,
                Deallocation = form / 2 % 2 == 0,
                LinkSharpening = form / 4 % 2 == 0,
            },
        };
        if (memory is null)
        {
            common.Bidirectional = form % 3 == 0;
            return common;
        }
        (memory.MemorySlots, memory.MemoryWidth, memory.NumberOfReadHeads) = (sizes.Slots, sizes.Width, sizes.Reads);
        memory.Controller = form / 8 % 3 == 0 ? ControllerKind.FeedForward : ControllerKind.Lstm;
        if (memory.Controller == ControllerKind.FeedForward && form / 24 == 0)
            common.ControllerLayers = 1;
        foreach (PropertyInfo property in typeof(ControllerTrainerOptions).GetProperties().Where(property => property.CanWrite))
            property.SetValue(memory, property.GetValue(common));
        return memory;
    }

    private static SequenceTrainerOptions Further(SequenceTrainerOptions options, int training, int rates, int number)
    {
        double rate = s_rates[rates % s_rates.Length];
        if (training is 0 or 2)
            options.DropoutRate = training == 0 ? 0.3 : rate;
        if (training is 0 or 1 or 2)
            options.TruncationSteps = training == 2 ? number : 1 + training;
        if (training is 3 or 4)
            (options.ValidationSetFraction, options.ValidationInterval) = (training == 3 ? 0.4 : rate, 1);
        if (training is 5 or 6)
            (options.MaximumInputSteps, options.CurriculumIterations) = (training == 5 ? 3 : number, training == 5 ? 1 : number);
        if (training is 7 or 8)
            options.EmptySequences = EmptySequences.Skip;
        if (training is 9 or 10)
            options.MissingFeatures = (MissingFeatures)(rates % 4);
        if (training == 11)
            (options.GradientClipValue, options.TargetLoss, options.MinimumImprovement) = (rate, rate, rate);
        if (training == 12)
            (options.WeightDecay, options.OptimizerEpsilon, options.Momentum) = (rate, rate, rate);
        if (training == 13)
            (options.AdamBeta1, options.RmsPropDecay, options.AdamBeta2) = (rate, rate, rate);
        if (training == 14)
            options.TimeBudget = TimeSpan.FromTicks(number);
        return options;
    }

    // The likely column, else any, else none.
    private static Gen<string> Name(string likely) => Gen.Frequency(
        (32, Gen.Const(likely)), (3, Gen.OneOf(RandomTable.Names)), (1, Gen.OneOf("", "Nothing")));

    private static Gen<string[]> Sources(string likely) => Gen.Frequency(
        (20, Name(likely).Array[1]), (5, Name(likely).Array[2]), (1, Name(likely).Array[0]));

    private static Gen<int> Rare(int least, int most) =>
        Gen.Frequency((40, Gen.Int[least, most]), (1, Gen.OneOf(0, -1, int.MinValue, int.MaxValue)));
}
