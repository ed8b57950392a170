namespace Microsoft.ML.NTM.Tests.Samples;

[TestClass]
public sealed class FlagsTests
{
    private readonly DncTrainer.Options _dnc = new();
    private readonly LstmTrainer.Options _lstm = new();

    [TestMethod]
    public void AFlagSetsEverythingThatHasIt()
    {
        Apply("--batch-size", "7", "--memory-slots", "33", "--optimizer", "adam", "--learning-rate", "3e-4", "--gradient-clip-norm", "5", "--gradient-clip-value", "");

        Assert.AreEqual(7, _dnc.BatchSize);
        Assert.AreEqual(7, _lstm.BatchSize);
        Assert.AreEqual(33, _dnc.MemorySlots);
        Assert.AreEqual(OptimizerKind.Adam, _lstm.Optimizer);
        Assert.AreEqual(3e-4, _dnc.LearningRate);
        Assert.AreEqual(5.0, _dnc.GradientClipNorm);
        Assert.IsNull(_dnc.GradientClipValue);
    }

    [TestMethod]
    public void AFlagWithANameSetsThatOneOnly()
    {
        Apply("--lstm.controller-size", "64", "--dnc.ControllerSize", "32");

        Assert.AreEqual(64, _lstm.ControllerSize);
        Assert.AreEqual(32, _dnc.ControllerSize);
    }

    [TestMethod]
    public void AFlagAloneMeansYes()
    {
        Apply("--masked-content", "--deallocation", "false", "--link-sharpening");

        Assert.IsTrue(_dnc.MaskedContent);
        Assert.IsFalse(_dnc.Deallocation);
        Assert.IsTrue(_dnc.LinkSharpening);
    }

    [TestMethod]
    [DataRow("--nonsense is not known", "--nonsense", "3")]
    [DataRow("--lstm.memory-slots is not known", "--lstm.memory-slots", "3")]
    [DataRow("batch-size is not known", "batch-size", "3")]
    [DataRow("--progress is not known", "--progress", "3")]
    [DataRow("--batch-size cannot be 'many'", "--batch-size", "many")]
    [DataRow("--optimizer cannot be 'best'", "--optimizer", "best")]
    public void WhatCannotBeSetIsNamed(string message, params string[] arguments)
    {
        Assert.Contains(message, Assert.ThrowsExactly<ArgumentException>(() => Apply(arguments)).Message);
    }

    private void Apply(params string[] arguments) => Flags.Apply(arguments, ("dnc", _dnc), ("lstm", _lstm));
}
