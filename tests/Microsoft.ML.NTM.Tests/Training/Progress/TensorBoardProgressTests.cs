using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.ML.NTM.Training;

namespace Microsoft.ML.NTM.Tests.Training.Progress;

[TestClass]
public sealed class TensorBoardProgressTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("123456789", 0xE3069283u)] // the check value of CRC-32C's definition
    [DataRow("", 0u)]
    public void ChecksumsAreMaskedCastagnoli(string text, uint unmasked) =>
        Assert.AreEqual((unmasked >> 15 | unmasked << 17) + 0xa282ead8u, TensorBoardRecord.MaskedChecksum(Encoding.ASCII.GetBytes(text)));

    [TestMethod]
    public void AFileReadsBackAsWhatWasReported()
    {
        string folder = Path.Combine(TestContext.TestRunDirectory!, nameof(TensorBoardProgressTests));
        string file;
        using (var board = new TensorBoardProgress(folder))
        {
            Assert.IsNull(board.Path);
            board.Report(SomeProgress.At(100));
            board.Report(SomeProgress.At(300_000, of: 1_000_000, validation: 0.25));
            file = board.Path!;
        }

        StringAssert.StartsWith(Path.GetFileName(file), "events.out.tfevents.");
        Dictionary<int, object>[] events = [.. Records(File.ReadAllBytes(file)).Select(record => Fields(record))];
        Assert.HasCount(3, events);
        Assert.AreEqual("brain.Event:2", Encoding.UTF8.GetString((byte[])events[0][3]));
        foreach (Dictionary<int, object> one in events)
            Assert.AreEqual(DateTimeOffset.UtcNow.ToUnixTimeSeconds(), BitConverter.UInt64BitsToDouble((ulong)one[1]), 600, "wall time");
        Assert.AreEqual(100ul, events[1][2]);
        Assert.AreEqual(300_000ul, events[2][2]);
        const string Expected = "loss/training 0.48214, learning rate 0.0003, gradient norm 1.25, sequences per second 1203.6";
        Assert.AreEqual(Expected, Scalars(events[1]));
        Assert.AreEqual(Expected + ", loss/validation 0.25", Scalars(events[2]));
    }

    [TestMethod]
    public void EachTrainingHasAFileOfItsOwnAndIsOnDiskBeforeItEnds()
    {
        string folder = Path.Combine(TestContext.TestRunDirectory!, nameof(EachTrainingHasAFileOfItsOwnAndIsOnDiskBeforeItEnds));
        using var first = new TensorBoardProgress(folder);
        using var second = new TensorBoardProgress(folder);
        first.Report(SomeProgress.At(1));
        second.Report(SomeProgress.At(1));

        Assert.AreNotEqual(first.Path, second.Path);
        using var open = new FileStream(first.Path!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[open.Length];
        open.ReadExactly(bytes);
        Assert.HasCount(2, Records(bytes));
    }

    // Length, its checksum, content, its checksum.
    private static List<byte[]> Records(byte[] file)
    {
        var records = new List<byte[]>();
        for (int at = 0; at < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Assert.AreEqual(TensorBoardRecord.MaskedChecksum(file.AsSpan(at, 8)), Checksum(at + 8));
            records.Add(file[(at + 12)..(at + 12 + length)]);
            Assert.AreEqual(TensorBoardRecord.MaskedChecksum(records[^1]), Checksum(at + 12 + length));
            at += 16 + length;
        }
        return records;

        uint Checksum(int at) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at));
    }

    // A protocol buffer's fields; of a repeated one the last, or all through the callback.
    private static Dictionary<int, object> Fields(byte[] message, Action<int, object>? each = null)
    {
        var fields = new Dictionary<int, object>();
        int at = 0;
        while (at < message.Length)
        {
            int key = (int)Number(), field = key >> 3;
            object value = (key & 7) switch
            {
                0 => Number(),
                1 => BinaryPrimitives.ReadUInt64LittleEndian(Take(8)),
                5 => BinaryPrimitives.ReadSingleLittleEndian(Take(4)),
                2 => Take((int)Number()),
                _ => throw new InvalidDataException($"Wire type {key & 7}"),
            };
            fields[field] = value;
            each?.Invoke(field, value);
        }
        return fields;

        byte[] Take(int count) => message[at..(at += count)];

        ulong Number()
        {
            ulong number = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = message[at++];
                number |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                    return number;
            }
        }
    }

    private static string Scalars(Dictionary<int, object> one)
    {
        var scalars = new List<string>();
        Fields((byte[])one[5], (_, value) =>
        {
            Dictionary<int, object> item = Fields((byte[])value);
            scalars.Add(string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString((byte[])item[1])} {(float)item[2]}"));
        });
        return string.Join(", ", scalars);
    }
}
