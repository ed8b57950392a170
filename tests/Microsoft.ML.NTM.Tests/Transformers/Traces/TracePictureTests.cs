using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml.Linq;
using Microsoft.ML.NTM.Tests.Trainers;
using Microsoft.ML.NTM.Transformers.Traces;

namespace Microsoft.ML.NTM.Tests.Transformers.Traces;

[TestClass]
public sealed class TracePictureTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void APngGivesItsColoursBack()
    {
        byte[] colours = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
        (int width, int height, byte[] read) = Decode(Png.Encode(colours, width: 2, height: 3));

        Assert.AreEqual((2, 3), (width, height));
        CollectionAssert.AreEqual(colours, read);
    }

    [TestMethod]
    public void SeriesAreBandsWithNamesAndTheirColoursTellSignAndSize()
    {
        var series = new TraceSeries("read 1 weighting", steps: 3, width: 2);
        new float[] { 0, 2 }.CopyTo(series.Step(0));
        new float[] { -1, float.NaN }.CopyTo(series.Step(1));
        new float[] { 1, -2 }.CopyTo(series.Step(2));
        XDocument picture = XDocument.Parse(TracePicture.Draw([series]));
        XNamespace svg = "http://www.w3.org/2000/svg";
        string data = picture.Descendants(svg + "image").Single().Attribute("href")!.Value["data:image/png;base64,".Length..];
        (int width, int height, byte[] colours) = Decode(Convert.FromBase64String(data));
        (byte Red, byte Green, byte Blue) At(int step, int number)
        {
            int at = 3 * (number * 3 + step);
            return (colours[at], colours[at + 1], colours[at + 2]);
        }

        Assert.AreEqual((3, 2), (width, height));
        Assert.AreEqual(((byte)255, (byte)255, (byte)255), At(0, 0), "0 is white");
        Assert.IsGreaterThan(At(0, 1).Red, At(0, 1).Blue, "2 is blue");
        Assert.IsGreaterThan(At(1, 0).Blue, At(1, 0).Red, "-1 is red");
        Assert.AreEqual(At(1, 1).Red, At(1, 1).Blue, "NaN is grey");
        Assert.IsLessThan(At(2, 0).Red, At(0, 1).Red, "2 is darker than 1");
        Assert.IsTrue(picture.Descendants(svg + "text").Any(text => text.Value == "read 1 weighting"));
        Assert.IsTrue(picture.Descendants(svg + "text").Any(text => text.Value == "2 x [-2, 2]"));
    }

    [TestMethod]
    public void AnSvgHasTheSeriesAskedFor()
    {
        var ml = new MLContext(1);
        SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options(1)).Fit(SmallNtm.Data(ml));
        SequenceTrace trace = ml.Sequence.Trace(model, SmallNtm.Data(ml, rows: 1)).Single();
        string path = Path.Combine(TestContext.TestRunDirectory!, $"{nameof(TracePictureTests)}.svg");

        trace.SaveSvg(path);
        CollectionAssert.IsSubsetOf(new[] { "inputs", "answers", "read 1 weighting", "write 1 weighting", "read 1 gate", "write 1 gate", "step 0" }, Texts(path));
        CollectionAssert.DoesNotContain(Texts(path), "memory");
        trace.SaveSvg(path, "memory", "write 1 key");
        CollectionAssert.IsSubsetOf(new[] { "memory", "write 1 key" }, Texts(path));
        CollectionAssert.DoesNotContain(Texts(path), "inputs");
        Assert.ThrowsExactly<ArgumentException>(() => trace.SaveSvg(path, "nothing"));
    }

    private static string[] Texts(string path) => [.. XDocument.Load(path).Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value)];

    // Chunks of length, type, content and checksum.
    private static (int Width, int Height, byte[] Colours) Decode(byte[] png)
    {
        CollectionAssert.AreEqual(new byte[] { 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a }, png[..8]);
        var chunks = new List<(string Type, byte[] Content)>();
        for (int at = 8; at < png.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            chunks.Add((System.Text.Encoding.ASCII.GetString(png, at + 4, 4), png[(at + 8)..(at + 8 + length)]));
            at += 12 + length;
        }
        CollectionAssert.AreEqual(new[] { "IHDR", "IDAT", "IEND" }, chunks.Select(chunk => chunk.Type).ToArray());
        // The checksum of an empty IEND is the same in every PNG file.
        CollectionAssert.AreEqual(new byte[] { 0xae, 0x42, 0x60, 0x82 }, png[^4..]);
        (int width, int height) = (BinaryPrimitives.ReadInt32BigEndian(chunks[0].Content), BinaryPrimitives.ReadInt32BigEndian(chunks[0].Content.AsSpan(4)));
        CollectionAssert.AreEqual(new byte[] { 8, 2, 0, 0, 0 }, chunks[0].Content[8..]);
        using var zlib = new ZLibStream(new MemoryStream(chunks[1].Content), CompressionMode.Decompress);
        var unpacked = new MemoryStream();
        zlib.CopyTo(unpacked);
        byte[] rows = unpacked.ToArray();
        Assert.HasCount(height * (1 + 3 * width), rows);
        return (width, height, [.. rows.Chunk(1 + 3 * width).SelectMany(row => row.Skip(1))]);
    }
}
