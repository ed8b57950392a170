using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML.NTM.Plotting;
using Microsoft.ML.NTM.Tests.Trainers;
using Microsoft.ML.NTM.Tests.Training.Progress;
using SkiaSharp;

namespace Microsoft.ML.NTM.Tests.Plotting;

[TestClass]
public sealed partial class FiguresTests
{
    private static readonly MLContext s_ml = new(1);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void ATraceShowsEachCellWhereItsStepAndSlotAre()
    {
        // One head that walks over slots 4, 5, 6 of 9, and back; 30 steps are 20 points wide each.
        var weighting = new TraceSeries("read 1 weighting", steps: 30, width: 9);
        for (int step = 0; step < 30; step++)
            weighting.Step(step)[4 + step % 3] = 1;
        var trace = new SequenceTrace(0, 30, [weighting]);
        Figure figure = Figures.Trace(trace);
        string path = PathOf("cells.png");
        figure.SavePng(path, scale: 1);
        using SKBitmap picture = SKBitmap.Decode(path);

        Assert.AreEqual((figure.Width, figure.Height), (picture.Width, picture.Height));
        (int left, int right, int top, int height) = (64, figure.Width - 76, 26, figure.Height - 26 - 44);
        SKColor At(int step, int row) =>
            picture.GetPixel((int)(left + (step + 0.5) * (right - left) / 30), (int)(top + (row + 0.5) * height / 3));
        for (int step = 0; step < 30; step++)
        {
            for (int row = 0; row < 3; row++)
                Assert.AreEqual(SKColor.Parse(row == step % 3 ? "#063a36" : "#f4f5f7"), At(step, row), $"step {step}, row {row}");
        }
    }

    [TestMethod]
    [DataRow(FigureTheme.Light, "#ffffff")]
    [DataRow(FigureTheme.Dark, "#0d1117")]
    public void ATraceOfANetworkHasItsBandsInTheirOrderInBothThemes(FigureTheme theme, string ground)
    {
        SequenceTransformer model = s_ml.Sequence.Trainers.Ntm(SmallNtm.Options(2)).Fit(SmallNtm.Data(s_ml));
        SequenceTrace trace = s_ml.Sequence.Trace(model, SmallNtm.Data(s_ml, rows: 1)).Single();
        Figure figure = Figures.Trace(trace, theme);
        figure.SaveSvg(PathOf($"{theme}.svg"));
        figure.SavePng(PathOf($"{theme}.png"));
        string[] bands = ["inputs", "targets", "answers", "error", "write 1 weighting", "write 1 gate", "read 1 weighting", "read 1 gate"];

        string[] texts = Texts(PathOf($"{theme}.svg"));
        CollectionAssert.AreEqual(bands, texts.Where(bands.Contains).ToArray());
        CollectionAssert.IsSubsetOf(new[] { "slot", "number", "step" }, texts);
        using SKBitmap picture = SKBitmap.Decode(PathOf($"{theme}.png"));
        Assert.AreEqual((2 * figure.Width, 2 * figure.Height), (picture.Width, picture.Height));
        Assert.AreEqual(SKColor.Parse(ground), picture.GetPixel(1, 1));
        Assert.ThrowsExactly<ArgumentException>(() => Figures.Trace(trace, theme, "nothing"));
    }

    [TestMethod]
    [DataRow(184.0, 131.0, "140|160|180")]
    [DataRow(1.02, 1.01, "1.01|1.015|1.02")]
    [DataRow(0.0, 0.0, "1E-06")]
    [DataRow(8.0, 0.5, "0.5|1|2|5")]
    public void LossesHaveLabelledTicksHoweverCloseTogetherTheyAre(double first, double last, string labels)
    {
        TrainingHistory history = History(1) with
        {
            Reports = [SomeReport(1, first * Math.Log(2)), SomeReport(2, last * Math.Log(2))],
        };
        Figures.LearningCurves([new("NTM", [history])]).SaveSvg(PathOf("ticks.svg"));

        string[] texts = Texts(PathOf("ticks.svg"));
        CollectionAssert.IsSubsetOf(labels.Split('|'), texts, string.Join(' ', texts));
    }

    [TestMethod]
    public void LearningCurvesNameTheirModelsAndTheMedianLiesBetweenTheSeeds()
    {
        LearningCurve[] curves = [new("NTM", [History(8), History(2), History(4)]), new("LSTM", [History(16)])];
        Figure figure = Figures.LearningCurves(curves, title: "Copy");
        figure.SaveSvg(PathOf("learning.svg"));
        CollectionAssert.IsSubsetOf(
            new[] { "Copy", "NTM, median of 3", "LSTM", "sequences seen", "bits per sequence" }, Texts(PathOf("learning.svg")));

        figure.SavePng(PathOf("learning.png"), 1);
        using SKBitmap picture = SKBitmap.Decode(PathOf("learning.png"));
        int[] lines = [.. Enumerable.Range(60, 330).Where(y => picture.GetPixel(500, y) == SKColor.Parse("#1d4ed8"))];
        int[] above = [.. Enumerable.Range(60, 330).Where(y => picture.GetPixel(500, y) == SKColor.Parse("#c2410c"))];
        Assert.IsNotEmpty(lines, "the median of 2, 4 and 8 bits");
        Assert.IsNotEmpty(above, "16 bits");
        // Of a scale from 2 to 16 bits, 4 is a third of the way up and 16 all of it.
        Assert.IsGreaterThan(above.Max(), lines.Min());
        Assert.ThrowsExactly<ArgumentException>(() => Figures.LearningCurves([new("none", [])]));
    }

    [TestMethod]
    public void GeneralizationShowsLengthsAndWhatWasTrainedOn()
    {
        var seed = new Dictionary<int, double> { [10] = 0, [20] = 0.5, [40] = 12 };
        Figures.Generalization([new LengthCurve("NTM", [seed, seed])], longestTrained: 20).SaveSvg(PathOf("lengths.svg"));
        string[] expected = ["10", "20", "40", "trained on", "NTM, median of 2", "length", "wrong bits per sequence"];
        CollectionAssert.IsSubsetOf(expected, Texts(PathOf("lengths.svg")));
        Assert.ThrowsExactly<ArgumentException>(() => Figures.Generalization([], 1));
    }

    [TestMethod]
    public void ConfusionShowsClassesAndCountsWhereTheyAre()
    {
        var matrix = new SequenceConfusionMatrix(["yes", "no"], [[30, 10], [0, 5]], [40, 5]);
        Figures.Confusion(matrix).SaveSvg(PathOf("confusion.svg"));
        Dictionary<string, (double X, double Y)> counts = Placed(PathOf("confusion.svg")).Where(one => one.Text is "30" or "10" or "5")
            .ToDictionary(one => one.Text, one => (one.X, one.Y));

        Assert.IsGreaterThan(counts["30"].X, counts["10"].X, "answered from left to right");
        Assert.AreEqual(counts["30"].Y, counts["10"].Y);
        Assert.IsGreaterThan(counts["30"].Y, counts["5"].Y, "right from top to bottom");
        CollectionAssert.IsSubsetOf(new[] { "yes", "no", "answered", "right" }, Texts(PathOf("confusion.svg")));
    }

    [TestMethod]
    public void OneProcessHasTheTorchEngineAndPictures()
    {
        Assert.AreEqual(3, typeof(SKBitmap).Assembly.GetName().Version!.Major, "ScottPlot's SkiaSharp stands in for TorchSharp's");
        NtmTrainer.Options options = SmallNtm.Options(3);
        options.Backend = SequenceBackend.Torch;
        SequenceTransformer model = s_ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(s_ml));
        Figures.LearningCurves([new("Torch", [model.Model.History!])]).SavePng(PathOf("torch.png"));
        using SKBitmap picture = SKBitmap.Decode(PathOf("torch.png"));
        Assert.AreEqual(1640, picture.Width);
    }

    private static TrainingHistory History(double bits) => new()
    {
        Reports = [.. Enumerable.Range(1, 20).Select(i => SomeReport(i, bits * Math.Log(2)))],
        StopReason = TrainingStopReason.Completed,
        Iterations = 20,
        KeptIteration = 20,
        SkippedSteps = 0,
        Rollbacks = 0,
        Elapsed = TimeSpan.FromSeconds(1),
    };

    private static TrainingProgress SomeReport(long iteration, double loss) => SomeProgress.At(iteration) with { Loss = loss };

    private string PathOf(string name) => Path.Combine(TestContext.TestRunDirectory!, $"{nameof(FiguresTests)}.{name}");

    private static string[] Texts(string path) => [.. Placed(path).Select(one => one.Text)];

    // Letters are placed one by one, and often in a transform: its translation is the text's place.
    private static IEnumerable<(string Text, double X, double Y)> Placed(string path)
    {
        foreach (XElement text in XDocument.Load(path).Descendants().Where(element => element.Name.LocalName == "text"))
        {
            Match place = Translation().Match(text.Attribute("transform")?.Value ?? "");
            double Number(int group) => place.Success ? double.Parse(place.Groups[group].Value, CultureInfo.InvariantCulture) : double.NaN;
            yield return (text.Value.Trim(), Number(1), Number(2));
        }
    }

    [GeneratedRegex(@"translate\((\S+) (\S+)\)")]
    private static partial Regex Translation();
}
