using Microsoft.ML.NTM.Kernels;
using Microsoft.ML.NTM.Tests.References;

namespace Microsoft.ML.NTM.Tests.Kernels;

[TestClass]
public sealed unsafe class MemoryTests
{
    [TestMethod]
    public void SingleOperationsAreTheLoopsTheyStandFor() => EveryWidth.Run(new Single());

    [TestMethod]
    public void FusedPassesAreTheSingleOperationsTogether() => EveryWidth.Run(new Fused());

    [TestMethod]
    public void FourHeadsPassesAreThoseOfEachHeadTogether() => EveryWidth.Run(new FourHeads());

    private static readonly (int Width, int Slots)[] s_sizes = [(1, 1), (2, 5), (3, 16), (4, 17), (5, 33), (7, 64), (9, 70)];

    /// <summary>A memory, its derivative, and vectors of slots and words, all random; slots beyond N hold 0.</summary>
    private sealed class Data
    {
        private readonly Random _random;
        private readonly int _slots;

        public Data(int width, int slots)
        {
            (Width, N, _slots, _random) = (width, (slots + 15) / 16 * 16, slots, new Random(width * 100 + slots));
            (Memory, By) = (Rows(width), Rows(width));
        }

        public int Width { get; }

        public int N { get; }

        public PinnedBuffer Memory { get; }

        public PinnedBuffer By { get; }

        public PinnedBuffer Slots() => Rows(1);

        public PinnedBuffer Word()
        {
            var word = KeptBuffers.New(Width);
            foreach (ref float value in word.Span(0, Width))
                value = _random.NextSingle() * 2 - 1;
            return word;
        }

        public PinnedBuffer Copy(PinnedBuffer from)
        {
            var copy = KeptBuffers.New(from.Length);
            from.Span(0, (int)from.Length).CopyTo(copy.Span(0, (int)from.Length));
            return copy;
        }

        private PinnedBuffer Rows(int count)
        {
            var rows = KeptBuffers.New(count * N);
            for (int i = 0; i < count * N; i++)
                rows.Pointer[i] = i % N < _slots ? _random.NextSingle() * 2 - 1 : 0;
            return rows;
        }
    }

    private static void Same(PinnedBuffer expected, PinnedBuffer actual, string what)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected.Pointer[i], actual.Pointer[i], 1e-5f, $"{what}[{i}]");
    }

    private sealed class FourHeads : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach ((int width, int slots) in s_sizes)
            {
                var data = new Data(width, slots);
                int n = data.N, heads = HeadGroup.Heads;
                PinnedBuffer words = Lines(width, data.Word), keys = Lines(width, data.Word);
                PinnedBuffer weightings = Lines(n, data.Slots), byDots = Lines(n, data.Slots);
                PinnedBuffer dots = KeptBuffers.New(heads * n), reads = KeptBuffers.New(heads * width),
                    byKeys = KeptBuffers.New(heads * width);
                PinnedBuffer expectedDots = KeptBuffers.New(heads * n), expectedReads = KeptBuffers.New(heads * width),
                    expectedKeys = KeptBuffers.New(heads * width), by = data.Copy(data.By);
                float* memory = data.Memory.Pointer;
                for (int head = 0; head < heads; head++)
                {
                    float* word = words.Pointer + head * width, weighting = weightings.Pointer + head * n;
                    float* byDot = byDots.Pointer + head * n;
                    MemoryMatrix.Dots<V>(memory, width, n, word, expectedDots.Pointer + head * n);
                    MemoryMatrix.Read<V>(memory, width, n, weighting, expectedReads.Pointer + head * width);
                    MemoryMatrix.Read<V>(memory, width, n, byDot, expectedKeys.Pointer + head * width);
                    MemoryMatrix.AddOuter<V>(by.Pointer, width, n, weighting, word);
                    MemoryMatrix.AddOuter<V>(by.Pointer, width, n, byDot, keys.Pointer + head * width);
                }
                var matrix = new SlotMatrix(memory, width, n);
                HeadPasses.Dots<V>(matrix, new(words.Pointer, width), new(dots.Pointer, n));
                HeadPasses.Read<V>(matrix, new(weightings.Pointer, n), new(reads.Pointer, width));
                HeadPasses.Backward<V>(matrix, data.By.Pointer, new HeadPasses.Heads
                {
                    Weightings = new(weightings.Pointer, n),
                    ByWords = new(words.Pointer, width),
                    Keys = new(keys.Pointer, width),
                    ByDots = new(byDots.Pointer, n),
                    ByKeys = new(byKeys.Pointer, width),
                });
                string what = $"{width} x {slots}";
                Same(expectedDots, dots, "dots, " + what);
                Same(expectedReads, reads, "reads, " + what);
                Same(expectedKeys, byKeys, "by keys, " + what);
                Same(by, data.By, "by memory, " + what);
            }
        }

        private static PinnedBuffer Lines(int length, Func<PinnedBuffer> line)
        {
            var lines = KeptBuffers.New(HeadGroup.Heads * length);
            for (int head = 0; head < HeadGroup.Heads; head++)
                line().Span(0, length).CopyTo(lines.Span(head * length, length));
            return lines;
        }
    }

    private sealed class Single : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach ((int width, int slots) in s_sizes)
            {
                var data = new Data(width, slots);
                int n = data.N;
                PinnedBuffer word = data.Word(), weights = data.Slots(), dots = KeptBuffers.New(n), read = KeptBuffers.New(width),
                    erase = data.Word();
                MemoryMatrix.Dots<V>(data.Memory.Pointer, width, n, word.Pointer, dots.Pointer);
                MemoryMatrix.Read<V>(data.Memory.Pointer, width, n, weights.Pointer, read.Pointer);
                double[][] memory = Slots(data.Memory, width, n);
                double[] key = Numbers(word, width), weighting = Numbers(weights, n), reads = NtmReference.Read(memory, weighting);
                for (int i = 0; i < n; i++)
                    Assert.AreEqual(ReferenceMath.Dot(memory[i], key), dots.Pointer[i], 1e-5);
                for (int m = 0; m < width; m++)
                    Assert.AreEqual(reads[m], read.Pointer[m], 1e-5);

                PinnedBuffer written = data.Copy(data.Memory), fused = KeptBuffers.New(data.Memory.Length);
                MemoryMatrix.Erase<V>(written.Pointer, width, n, weights.Pointer, erase.Pointer);
                MemoryMatrix.AddOuter<V>(written.Pointer, width, n, weights.Pointer, word.Pointer);
                MemoryMatrix.EraseAdd<V>(data.Memory.Pointer, fused.Pointer, width, n, weights.Pointer, erase.Pointer, word.Pointer);
                double[][] expected = NtmReference.Write(memory, [(weighting, Numbers(erase, width), key)]);
                for (int i = 0; i < n; i++)
                {
                    for (int m = 0; m < width; m++)
                        Assert.AreEqual(expected[i][m], written.Pointer[m * n + i], 1e-5);
                }
                Same(written, fused, "written");
            }
        }

        // [N][M]
        private static double[][] Slots(PinnedBuffer memory, int width, int n) =>
            [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, width).Select(m => (double)memory.Pointer[m * n + i]).ToArray())];

        private static double[] Numbers(PinnedBuffer buffer, int count) =>
            [.. Enumerable.Range(0, count).Select(i => (double)buffer.Pointer[i])];
    }

    private sealed class Fused : IForWidth
    {
        public void Run<V>()
            where V : struct, ISimd<V>
        {
            foreach ((int width, int slots) in s_sizes)
            {
                var data = new Data(width, slots);
                Forward<V>(data);
                Backward<V>(data);
            }
        }

        private static void Forward<V>(Data data)
            where V : struct, ISimd<V>
        {
            int n = data.N, width = data.Width;
            PinnedBuffer key = data.Word(), other = data.Word(), first = KeptBuffers.New(n), second = KeptBuffers.New(n),
                norms = KeptBuffers.New(n), dots = KeptBuffers.New(n);
            MemoryPasses.DotsAndNorms<V>(new SlotMatrix(data.Memory.Pointer, width, n), key.Pointer, other.Pointer, first.Pointer,
                second.Pointer, norms.Pointer);
            MemoryMatrix.Dots<V>(data.Memory.Pointer, width, n, key.Pointer, dots.Pointer);
            Same(dots, first, "first dots");
            MemoryMatrix.Dots<V>(data.Memory.Pointer, width, n, other.Pointer, dots.Pointer);
            Same(dots, second, "second dots");
            for (int i = 0; i < n; i++)
                Assert.AreEqual(Math.Sqrt(Enumerable.Range(0, width).Sum(m => Math.Pow(data.Memory.Pointer[m * n + i], 2))),
                    norms.Pointer[i], 1e-5);

            PinnedBuffer reader = data.Slots(), writer = data.Slots(), erase = data.Word(), add = data.Word();
            PinnedBuffer memory = data.Copy(data.Memory), written = KeptBuffers.New(memory.Length), word = KeptBuffers.New(width),
                read = KeptBuffers.New(width);
            MemoryPasses.ReadAndWrite<V>(new SlotMatrix(memory.Pointer, width, n), reader.Pointer, word.Pointer, writer.Pointer,
                erase.Pointer, add.Pointer);
            MemoryMatrix.Read<V>(data.Memory.Pointer, width, n, reader.Pointer, read.Pointer);
            MemoryMatrix.EraseAdd<V>(data.Memory.Pointer, written.Pointer, width, n, writer.Pointer, erase.Pointer, add.Pointer);
            Same(read, word, "read");
            Same(written, memory, "memory");
        }

        private static void Backward<V>(Data data)
            where V : struct, ISimd<V>
        {
            int n = data.N, width = data.Width;
            float* memory = data.Memory.Pointer, by = data.By.Pointer;
            PinnedBuffer reader = data.Slots(), writer = data.Slots(), byWord = data.Word(), erase = data.Word(), add = data.Word();
            PinnedBuffer byRead = data.Slots(), byWrite = data.Slots(), product = KeptBuffers.New(data.By.Length), a = KeptBuffers.New(n),
                b = KeptBuffers.New(n), c = KeptBuffers.New(n);
            PinnedBuffer expectedRead = data.Copy(byRead), expectedWrite = data.Copy(byWrite);
            MemoryPasses.ByWeightings<V>(new SlotMatrix(memory, width, n), by, byWord.Pointer, erase.Pointer, add.Pointer, byRead.Pointer,
                byWrite.Pointer);
            MemoryMatrix.Multiply<V>(by, memory, width, n, product.Pointer);
            MemoryMatrix.Dots<V>(memory, width, n, byWord.Pointer, a.Pointer);
            MemoryMatrix.Dots<V>(by, width, n, add.Pointer, b.Pointer);
            MemoryMatrix.Dots<V>(product.Pointer, width, n, erase.Pointer, c.Pointer);
            for (int i = 0; i < n; i++)
            {
                expectedRead.Pointer[i] += a.Pointer[i];
                expectedWrite.Pointer[i] += b.Pointer[i] - c.Pointer[i];
            }
            Same(expectedRead, byRead, "by the read weighting");
            Same(expectedWrite, byWrite, "by the write weighting");

            PinnedBuffer readKey = data.Word(), writeKey = data.Word(), readDots = data.Slots(), writeDots = data.Slots(),
                byNorms = data.Slots();
            PinnedBuffer byMemory = data.Copy(data.By), expected = data.Copy(data.By);
            PinnedBuffer byReadKey = KeptBuffers.New(width), byWriteKey = KeptBuffers.New(width), byErase = KeptBuffers.New(width),
                byAdd = KeptBuffers.New(width);
            var read = new MemoryPasses.ReadHead
            {
                Slots = reader.Pointer,
                Key = readKey.Pointer,
                ByWord = byWord.Pointer,
                ByDots = readDots.Pointer,
                ByKey = byReadKey.Pointer,
            };
            var write = new MemoryPasses.WriteHead
            {
                Slots = writer.Pointer,
                Key = writeKey.Pointer,
                Erase = erase.Pointer,
                ByDots = writeDots.Pointer,
                ByKey = byWriteKey.Pointer,
                ByErase = byErase.Pointer,
                ByAdd = byAdd.Pointer,
            };
            MemoryPasses.ByMemory<V>(new SlotMatrix(memory, width, n), byMemory.Pointer, read, write, byNorms.Pointer);
            MemoryMatrix.Erase<V>(expected.Pointer, width, n, writer.Pointer, erase.Pointer);
            MemoryMatrix.AddOuter<V>(expected.Pointer, width, n, reader.Pointer, byWord.Pointer);
            MemoryMatrix.AddOuter<V>(expected.Pointer, width, n, readDots.Pointer, readKey.Pointer);
            MemoryMatrix.AddOuter<V>(expected.Pointer, width, n, writeDots.Pointer, writeKey.Pointer);
            MemoryMatrix.AddScaled<V>(memory, width, n, byNorms.Pointer, expected.Pointer);
            Same(expected, byMemory, "by the memory");
            CheckRead<V>(data, memory, readDots, byReadKey);
            CheckRead<V>(data, memory, writeDots, byWriteKey);
            CheckRead<V>(data, by, writer, byAdd);
            CheckRead<V>(data, product.Pointer, writer, byErase);
        }

        private static void CheckRead<V>(Data data, float* from, PinnedBuffer slots, PinnedBuffer actual)
            where V : struct, ISimd<V>
        {
            var word = KeptBuffers.New(data.Width);
            MemoryMatrix.Read<V>(from, data.Width, data.N, slots.Pointer, word.Pointer);
            Same(word, actual, "by a word");
        }
    }
}
