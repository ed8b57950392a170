using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Tests.Kernels;

[TestClass]
public sealed unsafe class ActivationTests
{
    [TestMethod]
    public void ActivationsAreAFewUnitsInTheLastPlaceFromExact() => EveryWidth.Run(new Accuracy());

    [TestMethod]
    public void ActivationsSaturateWithoutBecomingInfiniteAndKeepNaN() => EveryWidth.Run(new Saturation());

    [TestMethod]
    public void SumsAndLargestElementsAreThoseOfALoop() => EveryWidth.Run(new Across());

    private sealed class Accuracy : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            Check<V>("exp", Activation.Exp, Math.Exp, -86, 88, 3);
            Check<V>("exp", Activation.Exp, Math.Exp, -1e-3, 1e-3, 3);
            Check<V>("log", Activation.Log, Math.Log, 1e-30, 1e-3, 3);
            Check<V>("log", Activation.Log, Math.Log, 1e-3, 5, 3);
            Check<V>("log", Activation.Log, Math.Log, 0.999, 1.001, 3);
            Check<V>("sigmoid", Activation.Sigmoid, x => 1 / (1 + Math.Exp(-x)), -80, 80, 5);
            Check<V>("softplus", Softplus, x => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))), -20, 80, 4);
            Check<V>("softplus", Softplus, x => Math.Exp(x), -80, -30, 4);
            Check<V>("softplus's slope", Slope, x => 1 / (1 + Math.Exp(-x)), -80, 80, 5);
            Check<V>("tanh", Activation.Tanh, Math.Tanh, -10, 10, 8);
            Check<V>("tanh", Activation.Tanh, Math.Tanh, -1e-4, 1e-4, 8);
        }

        private static V Softplus<V>(V x)
            where V : struct, ISimd<V>
        {
            Activation.Softplus(x, out V value, out _);
            return value;
        }

        private static V Slope<V>(V x)
            where V : struct, ISimd<V>
        {
            Activation.Softplus(x, out _, out V slope);
            return slope;
        }

        private static void Check<V>(string name, Func<V, V> function, Func<double, double> exact, double from, double to, double ulps)
            where V : struct, ISimd<V>
        {
            float* values = stackalloc float[V.Count];
            double worst = 0;
            const int Points = 20_000;
            for (int i = 0; i < Points; i++)
            {
                float x = (float)(from + (to - from) * i / (Points - 1));
                V.Store(values, function(V.Broadcast(x)));
                double expected = exact(x),
                    ulp = Math.Max(MathF.BitIncrement((float)Math.Abs(expected)) - Math.Abs((float)expected), 1e-38);
                worst = Math.Max(worst, Math.Abs(values[V.Count - 1] - expected) / ulp);
            }
            Assert.IsLessThanOrEqualTo(ulps, worst, $"{name} {typeof(V).Name} in [{from}, {to}]");
        }
    }

    private sealed class Saturation : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach (float x in new[] { float.NegativeInfinity, -1e30f, -100f, 100f, 1e30f, float.PositiveInfinity })
            {
                Assert.AreEqual(x < 0 ? 0 : 1, First(Activation.Sigmoid(V.Broadcast(x))), 1e-30);
                Assert.AreEqual(Math.Sign(x), First(Activation.Tanh(V.Broadcast(x))), 1e-6);
                Assert.IsTrue(float.IsFinite(First(Activation.Exp(V.Broadcast(x)))));
            }
            Assert.AreEqual(0f, First(Activation.Tanh(V.Broadcast(0f))));
            V none = V.Broadcast(float.NaN);
            Activation.Softplus(none, out V softplus, out V slope);
            foreach (V result in new[] { Activation.Exp(none), Activation.Power(none), Activation.Log(none), Activation.Sigmoid(none),
                Activation.Tanh(none), softplus, slope })
                Assert.IsTrue(float.IsNaN(First(result)), typeof(V).Name);
        }

        private static float First<V>(V value)
            where V : struct, ISimd<V>
        {
            float* values = stackalloc float[V.Count];
            V.Store(values, value);
            return values[0];
        }
    }

    private sealed class Across : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            float* values = stackalloc float[V.Count], copy = stackalloc float[V.Count];
            for (int i = 0; i < V.Count; i++)
                values[i] = i * i % 7 - 3.5f;
            float[] expected = new ReadOnlySpan<float>(values, V.Count).ToArray();
            V vector = V.Load(values);
            Assert.AreEqual(expected.Sum(), V.Sum(vector));
            Assert.AreEqual(expected.Max(), V.Largest(vector));
            Assert.AreEqual((expected.Sum(), 2 * expected.Sum(), V.Count * 3f, 0f),
                V.Sums(vector, vector + vector, V.Broadcast(3f), V.Broadcast(0f)));
            for (int count = 0; count <= V.Count; count++)
            {
                V.StoreFirst(copy, V.LoadFirst(values, count), V.Count);
                for (int i = 0; i < V.Count; i++)
                    Assert.AreEqual(i < count ? values[i] : 0f, copy[i]);
            }
        }
    }
}
