using System.Buffers.Binary;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Model.Safetensors;

namespace Microsoft.ML.NTM.Tests.Model.Safetensors;

[TestClass]
public sealed class HostileSafetensorsTests
{
    [TestMethod]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "twice",
        DisplayName = "same name twice")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "begins at byte 4", DisplayName = "overlap")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "begins at byte 4", DisplayName = "gap at the start")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[6,10]}}""",
        "begins at byte 6", DisplayName = "gap")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "bytes follow", DisplayName = "bytes after the last tensor")]
    [DataRow("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "ends within tensor 'a'",
        DisplayName = "tensor beyond the end")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "needs 8 bytes", DisplayName = "end before begin")]
    [DataRow("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "needs 12 bytes", DisplayName = "shape and bytes differ")]
    [DataRow("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904,16],"data_offsets":[0,0]}}""", "larger than any file",
        DisplayName = "overflowing shape")]
    [DataRow("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "not a whole number", DisplayName = "negative size")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "not a whole number", DisplayName = "fractional size")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}""", "not a whole number",
        DisplayName = "offset beyond 64 bits")]
    [DataRow("""{"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}""", "unknown dtype", DisplayName = "unknown type")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2]}}""", "lacks", DisplayName = "no offsets")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}""", "lacks", DisplayName = "three offsets")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}""", "unknown member", DisplayName = "unknown member")]
    [DataRow("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "second", DisplayName = "member twice")]
    [DataRow("""{"a":[]}""", "StartArray", DisplayName = "tensor is an array")]
    [DataRow("""{"__metadata__":{"k":1}}""", "Number", DisplayName = "metadata that is not text")]
    [DataRow("""{"__metadata__":{"k":"1","k":"2"}}""", "twice", DisplayName = "metadata twice")]
    [DataRow(""" {}""", "'{'", DisplayName = "space before the object")]
    [DataRow("""[]""", "'{'", DisplayName = "not an object")]
    [DataRow("""{} {}""", "JSON", DisplayName = "two objects")]
    [DataRow("""{"a":""", "JSON", DisplayName = "cut JSON")]
    public void EveryFaultIsOneClearError(string header, string message)
    {
        var stream = new MemoryStream(SafetensorsFile.Make(header, new byte[8]));
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(() =>
            SafetensorsReader.ReadTensors(stream, SafetensorsHeader.Read(stream),
                entry => new float[entry.Shape.Aggregate(1L, (product, size) => product * size)]));
        StringAssert.Contains(error.Message, message);
    }

    [TestMethod]
    public void AHugeHeaderLengthIsRefusedAtOnce()
    {
        foreach (ulong length in new[] { 0UL, 1UL, 100_000_001UL, ulong.MaxValue })
        {
            byte[] file = new byte[64];
            BinaryPrimitives.WriteUInt64LittleEndian(file, length);
            StringAssert.Contains(
                Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsHeader.Read(new MemoryStream(file))).Message,
                $"claims {length}");
        }
    }

    [TestMethod]
    public void ALongHeaderThatIsNotThereTakesNoMemory()
    {
        byte[] file = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(file, 100_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsHeader.Read(new MemoryStream(file)));
        Assert.IsTrue(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [TestMethod]
    public void ParametersThatAreNotThereTakeNoMemory()
    {
        var layout = new ParameterLayout(new NetworkSpec { ControllerSize = 2000 });
        byte[] file = SafetensorsFile.Make("{}", []);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsReader.Read(new MemoryStream(file), layout));
        Assert.IsTrue(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [TestMethod]
    public void EveryTruncationAndEveryFlippedHeaderByteIsAnErrorOrAnotherValidFile()
    {
        ParameterSet parameters = ParameterInitializer.Create(new NetworkSpec { Kind = NetworkKind.Lstm, ControllerSize = 2 }, 1);
        using var written = new MemoryStream();
        SafetensorsWriter.Write(written, parameters);
        byte[] file = written.ToArray();
        for (int length = 0; length < file.Length; length++)
            Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsReader.Read(new MemoryStream(file[..length]), parameters.Layout));

        int header = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        for (int i = 0; i < header; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. file];
                changed[i] ^= (byte)(1 << bit);
                try
                {
                    SafetensorsReader.Read(new MemoryStream(changed), parameters.Layout);
                }
                catch (InvalidDataException)
                {
                }
            }
        }
    }
}
