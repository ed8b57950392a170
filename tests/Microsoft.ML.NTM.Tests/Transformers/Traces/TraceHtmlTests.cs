using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.NTM.Tests.References;
using Microsoft.ML.NTM.Tests.Trainers;

namespace Microsoft.ML.NTM.Tests.Transformers.Traces;

/// <summary>The page to walk through a trace: what is in the file, and what a browser makes of it.</summary>
[TestClass]
public sealed partial class TraceHtmlTests
{
    private static SequenceTrace s_ntm = null!, s_dnc = null!, s_lstm = null!;
    private static string s_folder = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        var ml = new MLContext(1);
        var dnc = new DncTrainer.Options
        {
            Alignment = SequenceAlignment.AfterInput,
            Loss = SequenceLoss.BinaryCrossEntropy,
            OutputLengthColumnName = "OutputLength",
            NumberOfIterations = 3,
            ControllerSize = 9,
            MemorySlots = 6,
            MemoryWidth = 4,
            NumberOfReadHeads = 2,
            Seed = 3,
        };
        var lstm = new LstmTrainer.Options
        {
            Alignment = SequenceAlignment.AfterInput,
            NumberOfIterations = 1,
            ControllerSize = 4,
            Seed = 3,
        };
        IDataView data = SmallNtm.Data(ml), shown = new CopyTask(4, 4, bits: 2, seed: 9).ToDataView(ml, 1);
        s_ntm = ml.Sequence.Trace(ml.Sequence.Trainers.Ntm(SmallNtm.Options(3)).Fit(data), shown).Single();
        s_dnc = ml.Sequence.Trace(ml.Sequence.Trainers.Dnc(dnc).Fit(data), shown).Single();
        s_lstm = ml.Sequence.Trace(ml.Sequence.Trainers.Lstm(lstm).Fit(data), shown).Single();
        s_folder = Directory.CreateDirectory(Path.Combine(context.TestRunDirectory!, nameof(TraceHtmlTests))).FullName;
    }

    [ClassCleanup]
    public static Task CloseBrowser() => Browser.Close();

    [TestMethod]
    public void TheFileHoldsEveryNumberAndAsksForNothingElse()
    {
        string html = File.ReadAllText(Save(s_ntm, "file"));
        using JsonDocument data = JsonDocument.Parse(Numbers().Match(html).Groups[1].Value);
        JsonElement[] series = [.. data.RootElement.GetProperty("series").EnumerateArray()];

        string?[] names = [.. series.Select(one => one.GetProperty("name").GetString())];
        CollectionAssert.AreEqual(s_ntm.Series.Select(one => one.Name).ToArray(), names);
        for (int i = 0; i < series.Length; i++)
        {
            byte[] bytes = series[i].GetProperty("values").GetBytesFromBase64();
            float[] values = [.. bytes.Chunk(sizeof(float)).Select(one => BitConverter.ToSingle(one))];
            CollectionAssert.AreEqual(s_ntm.Series[i].Values.ToArray(), values, s_ntm.Series[i].Name);
            Assert.AreEqual(s_ntm.Series[i].Width, series[i].GetProperty("width").GetInt32());
        }
        Assert.IsFalse(Outside().IsMatch(html), "no address of anything outside the file");
        Assert.IsFalse(html.Contains("/*DATA*/", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task ABrowserWalksThroughStepsWithKeysAndTellsNumbersUnderThePointer()
    {
        await using Browser browser = await Browser.Open(Save(s_dnc, "dnc"));
        Assert.AreEqual("step 0 of 8", await browser.Text("#place"));
        for (int step = 1; step <= 3; step++)
            await browser.Press("ArrowRight");
        Assert.AreEqual("step 3 of 8", await browser.Text("#place"));
        Assert.AreEqual("reads", await browser.Text("#phase"));

        await browser.HoverFirstCell("#memory");
        StringAssert.StartsWith(await browser.Text("#tip"), "slot 0, number 0\n");
        string told = (await browser.Text("#tip")).Split('\n')[1];
        Assert.AreEqual(s_dnc["memory"][3][0], float.Parse(told, CultureInfo.InvariantCulture), 1e-3f);
        await browser.HoverFirstCell("canvas[data-series='write weighting']");
        StringAssert.StartsWith(await browser.Text("#tip"), "write weighting, step 0\nslot 0: ");

        await browser.Press("End");
        Assert.AreEqual("step 8 of 8", await browser.Text("#place"));
        Assert.AreEqual("answers", await browser.Text("#phase"));
        await browser.Press("Home");
        await browser.Press("c");
        Assert.AreEqual("Change of the memory", await browser.Text("h2"));
        string theme = await browser.Evaluate<string>("document.documentElement.dataset.theme");
        await browser.Press("t");
        Assert.AreNotEqual(theme, await browser.Evaluate<string>("document.documentElement.dataset.theme"));
        Assert.IsEmpty(browser.Complaints, string.Join('\n', browser.Complaints));
        Assert.HasCount(1, browser.Requests, "nothing is loaded but the file");
    }

    [TestMethod]
    public async Task TheLinksOfADncAreThoseOfThePaper()
    {
        await using Browser browser = await Browser.Open(Save(s_dnc, "links"));
        int n = s_dnc.Slots;
        double[][] expected = [.. Enumerable.Range(0, n).Select(_ => new double[n])];
        double[] precedence = new double[n];
        for (int step = 0; step < s_dnc.Steps; step++)
        {
            expected = DncReference.Link(expected, Values("write weighting", step), precedence);
            precedence = Values("precedence", step);
            double[] found = await browser.Evaluate<double[]>($"Array.from(trace.linkage({step}))");
            for (int i = 0; i < n * n; i++)
                Assert.AreEqual(expected[i / n][i % n], found[i], 2e-6);
        }
        Assert.IsNotEmpty((await browser.Evaluate<double[]>("Array.from(trace.linkage(2))")).Where(link => link > 0), "also going back");
    }

    [TestMethod]
    [DataRow("ntm")]
    [DataRow("lstm")]
    public async Task ANetworkWithoutLinksOrWithoutMemoryHasItsPage(string kind)
    {
        await using Browser browser = await Browser.Open(Save(kind == "ntm" ? s_ntm : s_lstm, kind));
        Assert.AreEqual(kind == "ntm" ? 1 : 0, await browser.Evaluate<int>("document.querySelectorAll('#memory').length"));
        Assert.AreEqual(0, await browser.Evaluate<int>("document.querySelectorAll('#linkage').length"));
        await browser.Press("ArrowRight");
        Assert.AreEqual("step 1 of 8", await browser.Text("#place"));
        Assert.IsEmpty(browser.Complaints, string.Join('\n', browser.Complaints));
    }

    private static double[] Values(string name, int step) => [.. s_dnc[name][step].ToArray().Select(value => (double)value)];

    private static string Save(SequenceTrace trace, string name)
    {
        string path = Path.Combine(s_folder, name + ".html");
        trace.SaveHtml(path);
        return path;
    }

    [GeneratedRegex("<script type=\"application/json\" id=\"trace\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Numbers();

    [GeneratedRegex("""<(script|link|img|iframe)[^>]*(src|href)=|https?:|@import|url\(|fetch\(|XMLHttpRequest""")]
    private static partial Regex Outside();
}
