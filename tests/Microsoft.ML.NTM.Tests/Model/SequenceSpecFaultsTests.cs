using Microsoft.ML.NTM.Model;

namespace Microsoft.ML.NTM.Tests.Model;

[TestClass]
public sealed class SequenceSpecFaultsTests
{
    private static readonly NetworkSpec s_network = new() { InputSize = 9, OutputSize = 8 };

    [TestMethod]
    public void DelimiterChannelCountsInTheNetworksInput()
    {
        var spec = new SequenceSpec { FeatureSize = 8, Alignment = SequenceAlignment.AfterInput };
        Assert.AreEqual(0, spec.Faults(s_network).Count);
        StringAssert.Contains((spec with { Alignment = SequenceAlignment.EveryStep }).Faults(s_network).Single(),
            "plus 0 delimiter channels; it is 9");
    }

    [TestMethod]
    public void AllFaultsAreReportedTogether()
    {
        var spec = new SequenceSpec
        {
            FeatureSize = 0,
            Alignment = (SequenceAlignment)7,
            Loss = SequenceLoss.Auto,
            SoftmaxGroups = 3,
            OutputLength = 0,
            OutputLengthColumnName = "",
        };
        IReadOnlyList<string> faults = spec.Faults(s_network);
        Assert.AreEqual(8, faults.Count, string.Join("\n", faults));
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => spec.ThrowIfFaulty(s_network));
        foreach (string fault in faults)
            StringAssert.Contains(error.Message, fault);
    }

    [TestMethod]
    public void SoftmaxGroupsShareTheOutputsEvenly()
    {
        var spec = new SequenceSpec { FeatureSize = 9, Loss = SequenceLoss.CrossEntropy, SoftmaxGroups = 4 };
        Assert.AreEqual(0, spec.Faults(s_network).Count);
        Assert.AreEqual(1, (spec with { SoftmaxGroups = 0 }).Faults(s_network).Count);
        Assert.AreEqual(1, (spec with { Loss = SequenceLoss.SquaredError }).Faults(s_network).Count);
    }
}
