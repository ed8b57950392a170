using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Tests.Conformance;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>Model files that an attacker made: each costs little and is refused with one clear error.</summary>
[TestClass]
public sealed class HostileModelTests
{
    private static readonly byte[] s_sound = Sound();

    [TestMethod]
    public void TheSoundFileLoadsAfterItWasTakenApart() =>
        Load(new ModelZip(s_sound).Replace(ModelZip.Weights, new ModelZip(s_sound)[ModelZip.Weights]).ToArray());

    [TestMethod]
    [DataRow(ModelZip.Weights)]
    [DataRow(ModelZip.Sequence)]
    public void ABombIsRefusedBeforeItIsUnpacked(string part)
    {
        byte[] bomb = new ModelZip(s_sound).Replace(part, new byte[300_000_000]).ToArray();
        Assert.IsLessThan(1_000_000, bomb.Length);
        StringAssert.Contains(Refusal(bomb), "no model can be packed so well");
    }

    [TestMethod]
    public void ABombThatIsNotAnnouncedIsRefusedBeforeItIsUnpacked() =>
        StringAssert.Contains(Refusal(new ModelZip(s_sound).Exchange(ModelZip.Weights, new byte[300_000_000]).ToArray()),
            "bytes and has 300000000");

    [TestMethod]
    [DataRow(-1, "given as -1")]
    [DataRow(int.MaxValue, "given as 2147483647")]
    [DataRow(5, "should have 5 bytes")]
    [DataRow(2_000_000_000, "should have 2000000000 bytes")]
    public void AFalseLengthIsRefused(int length, string message) =>
        StringAssert.Contains(Refusal(new ModelZip(s_sound).Announce(ModelZip.Weights, length).ToArray()), message);

    [TestMethod]
    public void AMissingPartIsRefused() =>
        StringAssert.Contains(Refusal(new ModelZip(s_sound).Without(ModelZip.Network).ToArray()), "it is missing");

    [TestMethod]
    public void AnotherHashIsRefused() => StringAssert.Contains(
        Refusal(new ModelZip(s_sound).Announce(ModelZip.Weights, new ModelZip(s_sound)[ModelZip.Weights].Length,
            new byte[SHA256.HashSizeInBytes]).ToArray()), "SHA-256");

    [TestMethod]
    [DataRow(0xFF, DisplayName = "a name of 2 GB")]
    [DataRow(0x00, DisplayName = "an empty name")]
    public void APartsNameIsNoLongerThanNamesAre(int first)
    {
        var zip = new ModelZip(s_sound);
        byte[] main = [.. zip.MainStreamOf(ModelZip.Network)];
        int at = main.AsSpan().IndexOf(Encoding.UTF8.GetBytes(ModelZip.Network)) - 1;
        byte[] length = first == 0 ? [0] : [0xFF, 0xFF, 0xFF, 0xFF, 0x07];
        length.CopyTo(main, at);
        StringAssert.Contains(Refusal(zip.ExchangeMainStream(ModelZip.Network, main).ToArray()), "the name of a part has");
    }

    [TestMethod]
    public void LongTextsAreQuotedInPart()
    {
        string longText = new('x', 5_000_000);
        byte[] sequence = new ModelZip(s_sound)[ModelZip.Sequence];
        string json = Encoding.UTF8.GetString(sequence);
        foreach (string edited in new[]
        {
            json.Replace("\"ClassType\": \"text\"", $"\"ClassType\": \"{longText}\"", StringComparison.Ordinal),
            json.Replace("\"ClassType\"", $"\"{longText}\"", StringComparison.Ordinal),
            json.Replace("\"ClassType\": \"text\"", $"\"ClassType\": {longText}", StringComparison.Ordinal),
            json.Replace("\"SquaredError\"", $"\"{longText}\"", StringComparison.Ordinal),
            json.Replace("\"CrossEntropy\"", $"\"{longText}\"", StringComparison.Ordinal),
        }.Where(text => text.Length > longText.Length))
        {
            byte[] file = new ModelZip(s_sound).Replace(ModelZip.Sequence, Encoding.UTF8.GetBytes(edited)).ToArray();
            Refusal(file);
        }
    }

    [TestMethod]
    [DataRow(60_000)]
    [DataRow(70_000)]
    public void AModelWithALongColumnNameSaysOneShortThingAboutIt(int length)
    {
        string name = new('x', length);
        string json = Encoding.UTF8.GetString(new ModelZip(s_sound)[ModelZip.Sequence]).Replace("\"Features\",", $"\"{name}\",",
            StringComparison.Ordinal);
        Assert.IsGreaterThan(name.Length, json.Length);
        byte[] file = new ModelZip(s_sound).Replace(ModelZip.Sequence, Encoding.UTF8.GetBytes(json)).ToArray();
        if (length > JsonLimits.LongestValue)
        {
            StringAssert.Contains(Refusal(file), "got one of 70000");
            return;
        }
        var ml = new MLContext(1);
        ITransformer model = ml.Model.Load(new MemoryStream(file), out _);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            model.Transform(SampleData.Create(ml, "numbers", "vector of keys")));
        Assert.IsLessThan(1_000, error.Message.Length);
    }

    private static string Refusal(byte[] file)
    {
        // ML.NET wraps what a part's loader throws.
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exception error = Assert.Throws<Exception>(() => Load(file));
        Cost.AssertBounds(file.Length, GC.GetAllocatedBytesForCurrentThread() - before);
        Exception cause = error.GetBaseException();
        while (error is not InvalidDataException && error.InnerException is { } inner)
            error = inner;
        Assert.IsInstanceOfType<InvalidDataException>(error, $"{error}");
        Assert.IsLessThan(1_000, error.Message.Length);
        Assert.IsLessThan(1_000, cause.Message.Length);
        return error.Message;
    }

    private static void Load(byte[] file) => new MLContext(1).Model.Load(new MemoryStream(file), out _);

    private static byte[] Sound()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SampleData.Create(ml, "numbers", "vector of keys");
        var file = new MemoryStream();
        ml.Model.Save(ml.Sequence.Trainers.Ntm(new()
        {
            ControllerSize = 2,
            MemorySlots = 3,
            MemoryWidth = 2,
            NumberOfIterations = 1
        }).Fit(data), data.Schema, file);
        return file.ToArray();
    }
}
