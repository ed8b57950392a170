using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.References;

/// <summary>Seeded batches and parameters for any network.</summary>
internal static class RandomBatches
{
    /// <summary>
    /// Rows of the given lengths; each answers from a random step on, about a fifth of the targets is masked, and every second seed weighs
    /// steps.
    /// </summary>
    public static SequenceBatch Batch(NetworkSpec spec, SequenceSpec sequence, int[] lengths, int seed)
    {
        var random = new Random(seed);
        var batch = new SequenceBatch(spec.InputSize, sequence.TargetSize(spec.OutputSize), spec.KeysPerStep);
        int[] sorted = [.. lengths.OrderDescending()];
        batch.Reset(sorted.Length, sorted[0]);
        for (int row = 0; row < sorted.Length; row++)
        {
            batch.Lengths[row] = sorted[row];
            batch.OutputStarts[row] = random.Next(sorted[row]);
            batch.Weights[row] = 0.5f + random.NextSingle();
            batch.RowIds[row] = row;
            for (int step = 0; step < sorted[row]; step++)
            {
                foreach (ref float value in batch.Input(step, row)[spec.EmbeddedSize..])
                    value = random.NextSingle() * 2 - 1;
                foreach (ref int key in batch.Key(step, row))
                    key = random.Next(spec.VocabularySize + 1);
                if (step < batch.OutputStarts[row])
                    continue;
                if (seed % 2 == 1)
                    batch.Weigh(step, row, (step + row) % 3 * 0.75f);
                foreach (ref float value in batch.Target(step, row))
                    value = random.Next(5) == 0 ? float.NaN : Target(spec, sequence, random);
            }
        }
        return batch;
    }

    /// <summary>One row of <paramref name="batch"/> as a batch of its own.</summary>
    public static SequenceBatch Alone(SequenceBatch batch, int row)
    {
        var alone = new SequenceBatch(batch.InputSize, batch.TargetSize, batch.KeysPerStep);
        alone.Reset(1, batch.Lengths[row]);
        alone.Lengths[0] = batch.Lengths[row];
        alone.OutputStarts[0] = batch.OutputStarts[row];
        alone.Weights[0] = batch.Weights[row];
        for (int step = 0; step < batch.Lengths[row]; step++)
        {
            batch.Input(step, row).CopyTo(alone.Input(step, 0));
            batch.Key(step, row).CopyTo(alone.Key(step, 0));
            batch.Target(step, row).CopyTo(alone.Target(step, 0));
            alone.Weigh(step, 0, batch.Weight(step, row) / batch.Weights[row]);
        }
        return alone;
    }

    /// <summary>Parameters uniform in +-scale: [P].</summary>
    public static double[] Parameters(NetworkSpec spec, int seed, double scale = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, new ParameterLayout(spec).Length).Select(_ => (random.NextDouble() * 2 - 1) * scale)];
    }

    private static float Target(NetworkSpec spec, SequenceSpec sequence, Random random) => sequence.Loss == SequenceLoss.CrossEntropy
        ? random.Next(spec.OutputSize / sequence.SoftmaxGroups)
        : random.NextSingle();
}
