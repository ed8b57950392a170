using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.NTM;

/// <summary>What one training came to.</summary>
internal sealed record SeedResult
{
    public required string Model { get; init; }

    public required int Seed { get; init; }

    public required TrainingHistory History { get; init; }

    /// <summary>Wrong bits per sequence, of sequences as in training.</summary>
    public required double WrongBits { get; init; }

    /// <summary>Cross-entropy per sequence, of the same.</summary>
    public required double Bits { get; init; }

    /// <summary>What nobody can do better, on the same; null where that is 0 or not known.</summary>
    public required double? Optimum { get; init; }

    /// <summary>Wrong bits per sequence by size, in and beyond training.</summary>
    public required IReadOnlyDictionary<int, double> WrongBitsByLength { get; init; }

    public bool Solved => WrongBits < 0.1;

    public long Sequences => History.Reports[^1].Sequences;

    public static SeedResult Of(MLContext ml, PaperTask task, string name, SequenceTransformer model, int seed, int tests)
    {
        int unseen = seed + 1_000_000;
        SequenceMetrics Ask(SequenceTask asked, int count) => ml.Sequence.Evaluate(model.Transform(asked.ToDataView(ml, count)));
        SequenceMetrics trained = Ask(task.Train(unseen), tests);
        return new SeedResult
        {
            Model = name,
            Seed = seed,
            History = model.Model.History!,
            WrongBits = trained.WrongBitsPerSequence,
            Bits = trained.BitsPerSequence,
            Optimum = task.Optimum(unseen, tests),
            WrongBitsByLength = task.Lengths.ToDictionary(
                length => length, length => Ask(task.At(length, unseen), Math.Max(1, tests / 5)).WrongBitsPerSequence),
        };
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{WrongBits:0.###} wrong bits and {Bits:0.###} bits per sequence after {Sequences:N0} sequences and ")
        + string.Create(CultureInfo.InvariantCulture, $"{History.Elapsed.TotalSeconds:0} s ({History.StopReason})");
}
