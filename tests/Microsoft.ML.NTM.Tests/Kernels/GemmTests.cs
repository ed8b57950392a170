using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Tests.Kernels;

[TestClass]
public sealed unsafe class GemmTests
{
    [TestMethod]
    public void ProductsAreThoseOfThreeLoopsForEverySize() => EveryWidth.Run(new Products());

    [TestMethod]
    public void ARowHasTheSameBitsAloneAndAmongOthers() => EveryWidth.Run(new RowBits());

    [TestMethod]
    public void PanelsTakenFromTheLastGiveTheSameBits() => EveryWidth.Run(new Order());

    [TestMethod]
    public void SumsOfOuterProductsAreThoseOfThreeLoopsForEverySize() => EveryWidth.Run(new Outer());

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }

    private sealed class Products : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach (int rows in new[] { 1, 2, 3, 5, 8, 13 })
            {
                foreach (int depth in new[] { 0, 1, 2, 5, 17 })
                {
                    for (int columns = 1; columns < 71; columns += 3)
                    {
                        foreach (bool add in new[] { false, true })
                        {
                            foreach (bool transposed in new[] { false, true })
                                Check<V>(rows, depth, columns, add, transposed);
                        }
                    }
                }
            }
        }

        private static void Check<V>(int rows, int depth, int columns, bool add, bool transposed)
            where V : struct, ISimd<V>
        {
            float[] a = Numbers(rows * (depth + 1), 1), b = Numbers(depth * columns, 2), c = Numbers(rows * (columns + 2), 3),
                before = [.. c];
            var packed = new PackedMatrix(depth, columns, V.PanelVectors * V.Count);
            fixed (float* pa = a, pb = b, pc = c)
            {
                if (transposed)
                    packed.SetRowsTransposed(pb, depth, 0, depth, 0, columns);
                else
                    packed.SetColumns(pb, columns, 0, columns, 0, depth);
                Gemm.Multiply<V>(pa, depth + 1, rows, packed, pc, columns + 2, add);
            }
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns + 2; column++)
                {
                    int at = row * (columns + 2) + column;
                    double expected = add || column >= columns ? before[at] : 0;
                    for (int k = 0; column < columns && k < depth; k++)
                        expected += (double)a[row * (depth + 1) + k] * (transposed ? b[column * depth + k] : b[k * columns + column]);
                    Assert.AreEqual(expected, c[at], 3e-6, $"{rows} x {depth} x {columns}, {typeof(V).Name}");
                }
            }
        }
    }

    private sealed class RowBits : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            const int Depth = 37, Columns = 143;
            var packed = new PackedMatrix(Depth, Columns, V.PanelVectors * V.Count);
            float[] a = Numbers(11 * Depth, 1), b = Numbers(Depth * Columns, 2), together = new float[11 * Columns],
                alone = new float[Columns];
            fixed (float* pa = a, pb = b, pt = together, p1 = alone)
            {
                packed.SetColumns(pb, Columns, 0, Columns, 0, Depth);
                Gemm.Multiply<V>(pa, Depth, 11, packed, pt, Columns, add: false);
                for (int row = 0; row < 11; row++)
                {
                    Gemm.Multiply<V>(pa + row * Depth, Depth, 1, packed, p1, Columns, add: false);
                    CollectionAssert.AreEqual(alone, together[(row * Columns)..((row + 1) * Columns)]);
                }
            }
        }
    }

    private sealed class Order : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            const int Depth = 37;
            foreach (int columns in new[] { 1, 40, 143, 400 })
            {
                var packed = new PackedMatrix(Depth, columns, V.PanelVectors * V.Count);
                float[] a = Numbers(5 * Depth, 1), b = Numbers(Depth * columns, 2), first = new float[5 * columns],
                    last = new float[5 * columns];
                fixed (float* pa = a, pb = b, pf = first, pl = last)
                {
                    packed.SetColumns(pb, columns, 0, columns, 0, Depth);
                    foreach (int rows in new[] { 1, 5 })
                    {
                        Gemm.Multiply<V>(new Product(pa, Depth, rows, packed, pf, columns, add: true), 0, packed.Panels);
                        var descending = new Product(pa, Depth, rows, packed, pl, columns, add: true) { Descends = true };
                        Gemm.Multiply<V>(descending, 0, packed.Panels);
                        CollectionAssert.AreEqual(first, last, $"{rows} rows, {columns} columns, {typeof(V).Name}");
                    }
                }
            }
        }
    }

    private sealed class Outer : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach (int outputs in new[] { 1, 3, 4, 8, 13, 21 })
            {
                foreach (int rows in new[] { 0, 1, 9, 200 })
                {
                    for (int inputs = 1; inputs < 71; inputs += 4)
                        Check<V>(outputs, inputs, rows);
                }
            }
        }

        private static void Check<V>(int outputs, int inputs, int rows)
            where V : struct, ISimd<V>
        {
            float[] a = Numbers(rows * outputs + 1, 1), b = Numbers(rows * inputs + 64, 2), c = Numbers(outputs * (inputs + 1), 3),
                before = [.. c];
            float[] sums = new float[outputs];
            fixed (float* pa = a, pb = b, pc = c, ps = sums)
            {
                OuterProducts.Add<V>(new OuterProduct
                {
                    A = pa,
                    AStride = outputs,
                    Outputs = outputs,
                    B = pb,
                    BStride = inputs,
                    Inputs = inputs,
                    Rows = rows,
                    C = pc,
                    CStride = inputs + 1,
                });
                OuterProducts.AddRows<V>(pa, outputs, outputs, rows, ps);
            }
            for (int o = 0; o < outputs; o++)
            {
                double sum = 0;
                for (int k = 0; k < rows; k++)
                    sum += a[k * outputs + o];
                Assert.AreEqual(sum, sums[o], 2e-5);
                for (int i = 0; i <= inputs; i++)
                {
                    double expected = before[o * (inputs + 1) + i];
                    for (int k = 0; i < inputs && k < rows; k++)
                        expected += (double)a[k * outputs + o] * b[k * inputs + i];
                    Assert.AreEqual(expected, c[o * (inputs + 1) + i], 2e-5, $"{outputs} x {inputs}, {rows} rows, {typeof(V).Name}");
                }
            }
        }
    }
}
