using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Model.Safetensors;

namespace Microsoft.ML.NTM.Tests.Model.Safetensors;

[TestClass]
public sealed class SafetensorsTests
{
    private static readonly NetworkSpec s_lstm = new() { Kind = NetworkKind.Lstm, InputSize = 1, OutputSize = 1, ControllerSize = 1 };

    [TestMethod]
    public void WrittenBytesAreThoseOfTheFormat()
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(
            stream,
            [new SafetensorsTensor("b", [2, 1], new[] { 1f, -2f }), new SafetensorsTensor("a", [], new[] { 0.5f })],
            new Dictionary<string, string> { ["k"] = "v" });

        const string Header = """{"__metadata__":{"k":"v"},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}"""
            + ""","a":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}""";
        int padded = (Header.Length + 7) / 8 * 8;
        byte[] expected =
        [
            (byte)padded, 0, 0, 0, 0, 0, 0, 0,
            .. Encoding.UTF8.GetBytes(Header.PadRight(padded)),
            0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0, 0x3F,
        ];
        CollectionAssert.AreEqual(expected, stream.ToArray());
    }

    [TestMethod]
    public void ParametersComeBackBitForBit()
    {
        ParameterSet written = ParameterInitializer.Create(new NetworkSpec { InputSize = 9, OutputSize = 8, NumberOfReadHeads = 2 }, 1);
        byte[] file = Save(written);
        CollectionAssert.AreEqual(written.Values, SafetensorsReader.Read(new MemoryStream(file), written.Layout).Values);
        CollectionAssert.AreEqual(file, Save(written));
    }

    [TestMethod]
    public void OtherFloatFormatsBecomeSingle()
    {
        byte[] data = new byte[8 + 2 + 2];
        BinaryPrimitives.WriteDoubleLittleEndian(data, 0.1);
        BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(8), (Half)(-1.5));
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(10), 0x4049);
        byte[] file = SafetensorsFile.Make(
            """{"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"h":{"dtype":"F16","shape":[1],"data_offsets":[8,10]},"""
                + """ "b":{"dtype":"BF16","shape":[1],"data_offsets":[10,12]}}""", data);

        var values = new Dictionary<string, float[]>();
        var stream = new MemoryStream(file);
        SafetensorsReader.ReadTensors(stream, SafetensorsHeader.Read(stream), entry => values[entry.Name] = new float[1]);
        Assert.AreEqual(0.1f, values["d"][0]);
        Assert.AreEqual(-1.5f, values["h"][0]);
        Assert.AreEqual(3.140625f, values["b"][0]);
    }

    [TestMethod]
    public void TensorsMayStandInAnyOrderInTheHeader()
    {
        byte[] file = SafetensorsFile.Make(
            """{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"y":{"data_offsets":[0,4],"shape":[1],"dtype":"F32"},"""
                + """ "e":{"dtype":"F32","shape":[0,5],"data_offsets":[4,4]}}   """,
            [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]);
        var values = new Dictionary<string, float[]>();
        var stream = new MemoryStream(file);
        SafetensorsReader.ReadTensors(stream, SafetensorsHeader.Read(stream), entry => values[entry.Name] = new float[entry.Shape[0]]);
        Assert.AreEqual(2f, values["x"][0]);
        Assert.AreEqual(1f, values["y"][0]);
    }

    [TestMethod]
    public void MetadataIsRead()
    {
        byte[] file = SafetensorsFile.Make("""{"__metadata__":{"format":"pt","ü":"\"\n"}}""", []);
        SafetensorsHeader header = SafetensorsHeader.Read(new MemoryStream(file));
        Assert.AreEqual("pt", header.Metadata["format"]);
        Assert.AreEqual("\"\n", header.Metadata["ü"]);
        Assert.AreEqual(0, header.Entries.Count);
    }

    [TestMethod]
    public void AllForeignParametersAreListedAtOnce()
    {
        var layout = new ParameterLayout(s_lstm);
        using var stream = new MemoryStream();
        var tensors = layout.Slices
            .Where(slice => slice.Name != "output.bias")
            .Select(slice => new SafetensorsTensor(slice.Name, slice.Name == "controller.0.bias" ? [2, 2] : slice.Shape,
                new float[slice.Length]))
            .Append(new SafetensorsTensor("extra", [3], new float[3]));
        SafetensorsWriter.Write(stream, [.. tensors]);
        stream.Position = 0;

        string error = Assert.ThrowsExactly<InvalidDataException>(() => SafetensorsReader.Read(stream, layout)).Message;
        StringAssert.Contains(error, "output.bias [1] is missing");
        StringAssert.Contains(error, "controller.0.bias must be [4] and is [2, 2]");
        StringAssert.Contains(error, "extra [3] is unexpected");
    }

    [TestMethod]
    public void NumbersThatAreNotFiniteAreRefusedBothWays()
    {
        var parameters = new ParameterSet(s_lstm);
        parameters.Slice("output.bias")[0] = float.NaN;
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Save(parameters)).Message, "output.bias");

        parameters.Slice("output.bias")[0] = 0;
        byte[] file = Save(parameters);
        int position = file.Length - 4 * (parameters.Layout.Length - parameters.Layout["output.bias"].Offset);
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(position), float.PositiveInfinity);
        string error = Assert.ThrowsExactly<InvalidDataException>(() =>
            SafetensorsReader.Read(new MemoryStream(file), parameters.Layout)).Message;
        StringAssert.Contains(error, "Number 0 of 'output.bias'");
    }

    private static byte[] Save(ParameterSet parameters)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, parameters);
        return stream.ToArray();
    }
}

/// <summary>Files put together by hand.</summary>
internal static class SafetensorsFile
{
    internal static byte[] Make(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)json.Length);
        json.CopyTo(file, 8);
        data.CopyTo(file, 8 + json.Length);
        return file;
    }
}
