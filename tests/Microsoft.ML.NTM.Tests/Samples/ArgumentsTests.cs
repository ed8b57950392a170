namespace Microsoft.ML.NTM.Tests.Samples;

[TestClass]
public sealed class ArgumentsTests
{
    private readonly DncTrainer.Options _dnc = new();
    private readonly LstmTrainer.Options _lstm = new();
    private readonly Own _own = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    [TestMethod]
    public void AFlagSetsEverythingThatHasIt()
    {
        Assert.IsNull(Read("--batch-size", "7", "--memory-slots", "33", "--optimizer", "adam", "--learning-rate", "3e-4",
            "--gradient-clip-norm", "5", "--gradient-clip-value", ""));

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
        Assert.IsNull(Read("--lstm.controller-size", "64", "--dnc.controller-size=32"));

        Assert.AreEqual(64, _lstm.ControllerSize);
        Assert.AreEqual(32, _dnc.ControllerSize);
    }

    [TestMethod]
    public void AFlagAloneMeansYes()
    {
        Assert.IsNull(Read("--masked-content", "--deallocation", "false", "--link-sharpening"));

        Assert.IsTrue(_dnc.MaskedContent);
        Assert.IsFalse(_dnc.Deallocation);
        Assert.IsTrue(_dnc.LinkSharpening);
    }

    [TestMethod]
    public void WhatIsNotSaidStaysAsItIs()
    {
        _dnc.BatchSize = 99;

        Assert.IsNull(Read("--memory-slots", "33"));

        Assert.AreEqual(99, _dnc.BatchSize);
        Assert.AreEqual(new LstmTrainer.Options().BatchSize, _lstm.BatchSize);
    }

    [TestMethod]
    [DataRow("--nonsense", "--nonsense", "3")]
    [DataRow("--lstm.memory-slots", "--lstm.memory-slots", "3")]
    [DataRow("batch-size", "batch-size", "3")]
    [DataRow("--progress", "--progress", "3")]
    [DataRow("--batch-size cannot be 'many'", "--batch-size", "many")]
    [DataRow("--optimizer cannot be 'best'", "--optimizer", "best")]
    [DataRow("--batch-size", "--batch-size")]
    public void WhatCannotBeSetIsNamedAndEndsTheProgram(string message, params string[] arguments)
    {
        Assert.AreEqual(2, Read(arguments));

        Assert.Contains(message, _errors.ToString());
        Assert.AreEqual(new DncTrainer.Options().BatchSize, _dnc.BatchSize);
    }

    [TestMethod]
    public void HelpSaysWhatThereIsToSetAndItsDefault()
    {
        Assert.AreEqual(0, Read("--help"));

        Assert.MatchesRegex(@"--how-many <Int32> +How many there are\. \[default: 5\]", _output.ToString());
        Assert.MatchesRegex(@"--memory-slots <Int32> +Memory slots \(N\), from 1\. \[default: 128\]", _output.ToString());
    }

    private int? Read(params string[] arguments) =>
        Arguments.Read(arguments, "A sample.", _output, _errors, ("own", _own), ("dnc", _dnc), ("lstm", _lstm));

    private sealed class Own
    {
        [System.ComponentModel.Description("How many there are.")]
        public int HowMany { get; set; } = 5;
    }
}
