using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;
using static Microsoft.ML.NTM.Tests.Kernels.LaneBuffers;

namespace Microsoft.ML.NTM.Tests.Kernels;

/// <summary>Layers of controllers between their matrix products, with clips that some units reach.</summary>
[TestClass]
public sealed unsafe class LstmGatesTests
{
    private static readonly int[] s_sizes = [1, 3, 7, 8, 16, 19, 33];

    [TestMethod]
    public void LstmLayersAndTheirGradientsAreTheLoop() => EveryWidth.Run(new Lstm());

    [TestMethod]
    public void FeedForwardLayersAndTheirGradientsAreTheLoop() => EveryWidth.Run(new FeedForward());

    private sealed class Lstm : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach (int size in s_sizes)
            {
                foreach (double clip in new[] { 20.0, 0.25 })
                {
                    var random = new Random(size);
                    double[] unknowns = Random(random, 5 * size, -2, 2);
                    double[] byHidden = Random(random, size, -1, 1), byCell = Random(random, size, -1, 1);
                    PinnedBuffer gates = Tight(unknowns[..(4 * size)]), before = Tight(unknowns[(4 * size)..]), cell = Tight(size),
                        squashed = Tight(size), hidden = Tight(size), byH = Tight(byHidden), byC = Tight(byCell);

                    LstmRow row = new()
                    {
                        Gates = gates.Pointer,
                        GateStride = size,
                        Units = size,
                        Clip = (float)clip,
                        Before = before.Pointer,
                        Cell = cell.Pointer,
                        Squashed = squashed.Pointer,
                        Hidden = hidden.Pointer,
                    };
                    LstmGates.Forward<V>(row);
                    (double[] h, double[] c) = Loop(unknowns, size, clip);
                    Same(h, Take(hidden, size), 1e-6, $"h of {size}, clip {clip}");
                    Same(c, Take(cell, size), 1e-6, $"c of {size}, clip {clip}");

                    double[] expected = FiniteDifferences.Gradient(x => Loop(x, size, clip) is var (hh, cc)
                        ? ReferenceMath.Dot(hh, byHidden) + ReferenceMath.Dot(cc, byCell)
                        : 0, unknowns);
                    LstmGates.Backward<V>(row, byH.Pointer, byC.Pointer);
                    Same(expected, [.. Take(gates, 4 * size), .. Take(byC, size)], 1e-5, $"gradient of {size}, clip {clip}");
                }
            }
        }

        // x holds i, f, g, o and c before: 5 H numbers.
        private static (double[] Hidden, double[] Cell) Loop(double[] x, int size, double clip)
        {
            double[] hidden = new double[size], cell = new double[size];
            for (int u = 0; u < size; u++)
            {
                cell[u] = Sigmoid(x[size + u]) * x[4 * size + u] + Sigmoid(x[u]) * Math.Tanh(x[2 * size + u]);
                hidden[u] = Math.Clamp(Sigmoid(x[3 * size + u]) * Math.Tanh(cell[u]), -clip, clip);
            }
            return (hidden, cell);
        }

        private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    }

    private sealed class FeedForward : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach (int size in s_sizes)
            {
                foreach (double clip in new[] { 20.0, 0.25 })
                {
                    var random = new Random(size);
                    double[] raw = Random(random, size, -1, 1), byHidden = Random(random, size, -1, 1);
                    PinnedBuffer values = Tight(raw), hidden = Tight(size), byH = Tight(byHidden);

                    LstmGates.Tanh<V>(values.Pointer, size, (float)clip, hidden.Pointer);
                    Same(raw.Select(x => Math.Clamp(Math.Tanh(x), -clip, clip)), Take(hidden, size), 1e-6, $"h of {size}, clip {clip}");

                    LstmGates.TanhBackward<V>(values.Pointer, byH.Pointer, size, (float)clip);
                    Same(raw.Select((x, u) => Math.Abs(Math.Tanh(x)) > clip ? 0 : byHidden[u] * (1 - Math.Tanh(x) * Math.Tanh(x))),
                        Take(values, size), 1e-6, $"gradient of {size}, clip {clip}");
                }
            }
        }
    }
}
