using System.Text;
using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Tests.Model;

[TestClass]
public sealed class SpecJsonTests
{
    private static readonly NetworkSpec s_network = new()
    {
        InputSize = 9,
        OutputSize = 8,
        NumberOfReadHeads = 3,
        NumberOfWriteHeads = 2,
        ShiftRange = 2,
        KeyTanh = true,
        WriteRule = MemoryWriteRule.Interpolate,
        InitialMemory = InitialMemory.Random,
        InitialWeightings = InitialWeightings.Zero,
        ControllerClip = 0.1f,
    };

    private static readonly SequenceSpec s_sequence = new()
    {
        FeatureSize = 8,
        Alignment = SequenceAlignment.AfterInput,
        Loss = SequenceLoss.BinaryCrossEntropy,
        OutputLength = 12,
        OutputLengthColumnName = "Länge \"n\"",
    };

    private static string Text => Encoding.UTF8.GetString(SpecJson.Write(s_network));

    private static string ErrorOf(string json) =>
        Assert.ThrowsExactly<InvalidDataException>(() => SpecJson.ReadNetwork(Encoding.UTF8.GetBytes(json))).Message;

    [TestMethod]
    public void SpecsComeBackAsTheyWere()
    {
        Assert.AreEqual(s_network, SpecJson.ReadNetwork(SpecJson.Write(s_network)));
        Assert.AreEqual(s_sequence, SpecJson.ReadSequence(SpecJson.Write(s_sequence), s_network));
        SequenceSpec bare = s_sequence with { OutputLength = null, OutputLengthColumnName = null };
        Assert.AreEqual(bare, SpecJson.ReadSequence(SpecJson.Write(bare), s_network));
    }

    [TestMethod]
    public void OnlyPublicMembersAreWritten() => Assert.IsFalse(Text.Contains("HeadsSize", StringComparison.Ordinal), Text);

    [TestMethod]
    public void MissingMembersAreAllNamed()
    {
        string error = ErrorOf(Text.Replace("\"MemorySlots\": 128,", "").Replace("\"MemoryWidth\": 20,", ""));
        StringAssert.Contains(error, "MemorySlots, MemoryWidth");
    }

    [TestMethod]
    public void UnknownMembersAreRefused() =>
        StringAssert.Contains(ErrorOf(Text.Replace("\"KeyTanh\"", "\"Extra\": 1, \"KeyTanh\"")), "Extra");

    [TestMethod]
    public void MembersGivenTwiceAreRefused() =>
        StringAssert.Contains(ErrorOf(Text.Replace("\"KeyTanh\"", "\"NumberOfReadHeads\": 3, \"KeyTanh\"")), "NumberOfReadHeads");

    [TestMethod]
    public void ValuesOutOfRangeAreAllNamed()
    {
        string error = ErrorOf(Text.Replace("\"MemoryWidth\": 20", "\"MemoryWidth\": -20").Replace("\"InputSize\": 9", "\"InputSize\": 0"));
        StringAssert.Contains(error, "MemoryWidth must be from 1");
        StringAssert.Contains(error, "InputSize must be from 1");
    }

    [TestMethod]
    public void KindsAreNamesNotNumbers()
    {
        Assert.AreNotEqual(Text, Text.Replace("\"Kind\": \"Ntm\"", "\"Kind\": 1"));
        ErrorOf(Text.Replace("\"Kind\": \"Ntm\"", "\"Kind\": 1"));
        ErrorOf(Text.Replace("\"Kind\": \"Ntm\"", "\"Kind\": \"Gru\""));
    }

    [TestMethod]
    public void EveryTruncationIsOneClearError()
    {
        byte[] bytes = SpecJson.Write(s_network);
        for (int length = 0; length < bytes.Length; length++)
            Assert.ThrowsExactly<InvalidDataException>(() => SpecJson.ReadNetwork(bytes.AsSpan(0, length)));
    }

    [TestMethod]
    public void OtherJsonIsOneClearError()
    {
        foreach (string json in new[] { "null", "[]", "1", "{}", "\"x\"", Text + "x", Text.Replace("20,", "2e99,"),
            Text.Replace("20,", "1.5,") })
            StringAssert.Contains(ErrorOf(json), "network");
    }
}
