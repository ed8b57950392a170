using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Engines;
using Microsoft.ML.NTM.Engines.Managed;
using Microsoft.ML.NTM.Engines.Torch;
using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Engines.Managed;

/// <summary>The managed engine next to the Torch engine in double precision.</summary>
internal static class Oracle
{
    public const double GradientTolerance = 2e-5;
    public const double ScoreTolerance = 1e-5;

    private const double RoundingsPerNumber = 16;

    // However badly a network is conditioned, an error above this share of a gradient is one: a wrong term is larger.
    private const double LargestTolerance = 50 * GradientTolerance;

    /// <summary>How many networks were compared since the tests began, and how many of them were allowed more than the tolerance.</summary>
    public static (int Compared, int Widened) Tally { get; private set; }

    /// <summary>
    /// Loss, scores and every parameter's gradient. A gradient's error is relative to its length; what is below the rounding (2^-23) of the
    /// whole gradient's length is none, because sums that cancel leave the rounding of what they were made of. A few networks amplify
    /// rounding: where that shows in the oracle itself, whose gradient moves by more than 1/16 of the tolerance when its parameters are
    /// rounded once,
    /// 16 times that movement is allowed, and at most 50 times the tolerance. <see cref="Tally"/> counts them.
    /// </summary>
    public static void Check(NetworkSpec spec, SequenceSpec sequence, SequenceBatch batch, float[] parameters, SimdWidth width, string what,
        double gradientTolerance = GradientTolerance, GradientSettings? gradients = null)
    {
        double[] precise = Array.ConvertAll(parameters, x => (double)x);
        var expected = new double[parameters.Length];
        var actual = new float[parameters.Length];
        using var oracle = new TorchEngine(spec, sequence, CPU, ScalarType.Float64, gradients);
        using var engine = new ManagedEngine(spec, sequence, threads: 1, width, gradients);
        double loss = oracle.LossAndGradient(batch, precise, expected);
        Assert.AreEqual(loss, engine.LossAndGradient(batch, parameters, actual), 1e-5 * Math.Max(1, Math.Abs(loss)), $"loss {what}");

        double whole = Math.Sqrt(expected.Sum(x => x * x));
        bool widened = false;
        foreach (ParameterSlice slice in new ParameterLayout(spec).Slices)
        {
            double length = 0, difference = 0;
            for (int i = slice.Offset; i < slice.Offset + slice.Length; i++)
            {
                length += expected[i] * expected[i];
                difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            }
            double allowed = Math.Max(gradientTolerance * Math.Sqrt(length), whole / (1 << 23));
            if (Math.Sqrt(difference) > allowed)
            {
                double moved = RoundingsPerNumber * MovedByRounding(oracle, batch, precise, slice, expected);
                allowed = Math.Max(allowed, Math.Min(moved, LargestTolerance * Math.Sqrt(length)));
                widened = true;
            }
            Assert.IsLessThanOrEqualTo(allowed, Math.Sqrt(difference), $"{slice.Name} (length {Math.Sqrt(length)} of {whole}) {what}");
        }
        Tally = (Tally.Compared + 1, Tally.Widened + (widened ? 1 : 0));
        CheckScores(spec, batch, parameters, oracle, engine, what);
    }

    // How far the gradient moves, in double precision, when every parameter moves by a rounding to single precision, up or down.
    private static double MovedByRounding(TorchEngine oracle, SequenceBatch batch, double[] parameters, ParameterSlice slice,
        double[] expected)
    {
        var random = new Random(1);
        var moved = new double[parameters.Length];
        oracle.LossAndGradient(batch, Array.ConvertAll(parameters, x => x * (1 + (random.Next(2) - 0.5) / (1 << 23))), moved);
        return Math.Sqrt(Enumerable.Range(slice.Offset, slice.Length).Sum(i => Math.Pow(moved[i] - expected[i], 2)));
    }

    private static void CheckScores(NetworkSpec spec, SequenceBatch batch, float[] parameters, TorchEngine oracle, ManagedEngine engine,
        string what)
    {
        var expected = new double[batch.Steps * batch.Rows * spec.OutputSize];
        var actual = new float[expected.Length];
        Array.Fill(expected, -77);
        Array.Fill(actual, -77);
        oracle.Score(batch, Array.ConvertAll(parameters, x => (double)x), expected);
        engine.Score(batch, parameters, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], ScoreTolerance * Math.Max(1, Math.Abs(expected[i])), $"score {i} {what}");
    }
}
