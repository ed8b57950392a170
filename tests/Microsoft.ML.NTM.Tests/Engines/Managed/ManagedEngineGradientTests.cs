using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Engines.Managed;

[TestClass]
public sealed class ManagedEngineGradientTests
{
    private static readonly int[] s_lengths = [6, 1, 4, 4, 3];

    [TestMethod]
    [DataRow(NetworkKind.Ntm, 0, 160)]
    [DataRow(NetworkKind.Lstm, 0, 40)]
    public void Gradients_and_scores_are_those_of_the_Torch_engine_in_double_precision(NetworkKind kind, int from, int count)
    {
        for (int seed = from; seed < from + count; seed++)
            Check(kind, seed, SimdWidths.Best);
    }

    [TestMethod]
    [DataRow((int)SimdWidth.Portable)]
    [DataRow((int)SimdWidth.Avx2)]
    public void Narrower_vectors_agree_as_well(int bits)
    {
        var width = (SimdWidth)bits;
        if (!SimdWidths.Runs(width))
            Assert.Inconclusive($"This machine has no {width}.");
        for (int seed = 300; seed < 330; seed++)
            Check(seed % 4 == 0 ? NetworkKind.Lstm : NetworkKind.Ntm, seed, width);
    }

    private static void Check(NetworkKind kind, int seed, SimdWidth width)
    {
        (NetworkSpec spec, SequenceSpec sequence) = RandomSpecs.Get(kind, seed);
        SequenceBatch batch = RandomBatches.Batch(spec, sequence, s_lengths[..(1 + seed % 5)], seed);
        float[] parameters = Array.ConvertAll(RandomBatches.Parameters(spec, seed), x => (float)x);
        Oracle.Check(spec, sequence, batch, parameters, width, $"of seed {seed}, {width}: {spec}, {sequence}");
    }
}
