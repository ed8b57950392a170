using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Tests.Engines.Managed;

/// <summary>
/// Reads, gradients and states of both memories, bit by bit as recorded in Golden/memory-bits.txt: what only reorders the code changes none
/// of them. The first line there is the hash of the C library's functions, for another library's last digit differs; the
/// second that of the reciprocals of AVX-512, which another maker's processor may round otherwise: its lines are then left out.
/// </summary>
[TestClass]
public sealed class MemoryBitsTests
{
    private static readonly NetworkSpec s_ntm = new()
    {
        InputSize = 3,
        OutputSize = 2,
        ControllerSize = 4,
        MemorySlots = 37,
        MemoryWidth = 9,
    };

    private static readonly NetworkSpec s_dnc = s_ntm with { Kind = NetworkKind.Dnc, NumberOfReadHeads = 2 };

    private static readonly (string Name, NetworkSpec Spec, int Steps, int Rows)[] s_cases =
    [
        ("ntm-copy", s_ntm with { MemorySlots = 128, MemoryWidth = 20 }, 41, 2),
        ("ntm-replayed", s_ntm with { MemorySlots = 128, MemoryWidth = 20 }, 21, 8),
        ("ntm-readers", s_ntm with { NumberOfReadHeads = 3, KeyTanh = true, InitialMemory = InitialMemory.Learned }, 9, 3),
        ("ntm-writers", s_ntm with { NumberOfReadHeads = 2, NumberOfWriteHeads = 3, ShiftRange = 3 }, 9, 3),
        ("ntm-interpolated", s_ntm with { WriteRule = MemoryWriteRule.Interpolate, InitialWeightings = InitialWeightings.Learned }, 9, 3),
        ("ntm-writers-interpolated", s_ntm with
        {
            WriteRule = MemoryWriteRule.Interpolate,
            NumberOfWriteHeads = 2,
            MemorySlots = 5,
            MemoryWidth = 1,
        }, 9, 3),
        ("ntm-other-epsilon", s_ntm with
        {
            SharpeningEpsilon = 1e-3f,
            SharpeningEpsilonPlace = SharpeningEpsilonPlace.AfterPower,
            MemorySlots = 1,
            ShiftRange = 0,
        }, 5, 1),
        ("dnc", s_dnc, 9, 3),
        ("dnc-replayed", s_dnc with { MemorySlots = 128, MemoryWidth = 20 }, 17, 8),
        ("dnc-robust", s_dnc with { MaskedContent = true, Deallocation = true, LinkSharpening = true }, 9, 3),
    ];

    [TestMethod]
    public void AMemorysReadsGradientsAndStatesHaveTheRecordedBits()
    {
        string[] expected = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", "memory-bits.txt"));
        string library = MemoryRun.HashOfLibrary();
        if (expected[0] != library)
            Assert.Inconclusive($"This C library's exp, tanh and pow ({library}) are not those of the record ({expected[0]}).");
        string? reciprocals = MemoryRun.HashOfReciprocals();
        bool sameMaker = expected[1] == reciprocals;
        string[] actual = [.. s_cases.SelectMany(one => Widths(one.Name, one.Spec, one.Steps, one.Rows, sameMaker))];
        string[] wanted = [.. expected.Skip(2).Where(line => Runs(Enum.Parse<SimdWidth>(line.Split(' ')[1]), sameMaker))];

        CollectionAssert.AreEqual(wanted, actual, $"{library}\n{reciprocals}\n{string.Join('\n', actual)}\n");
    }

    private static bool Runs(SimdWidth width, bool sameMaker) => SimdWidths.Runs(width) && (width != SimdWidth.Avx512 || sameMaker);

    private static IEnumerable<string> Widths(string name, NetworkSpec spec, int steps, int rows, bool sameMaker)
    {
        yield return $"{name} {SimdWidth.Portable} {MemoryRun.Hash<V128>(spec, steps, rows)}";
        if (SimdWidths.Runs(SimdWidth.Avx2))
            yield return $"{name} {SimdWidth.Avx2} {MemoryRun.Hash<V256>(spec, steps, rows)}";
        if (Runs(SimdWidth.Avx512, sameMaker))
            yield return $"{name} {SimdWidth.Avx512} {MemoryRun.Hash<V512>(spec, steps, rows)}";
    }
}
