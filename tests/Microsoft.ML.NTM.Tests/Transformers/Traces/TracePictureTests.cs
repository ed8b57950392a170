using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML.NTM.Tests.Trainers;
using Microsoft.ML.NTM.Transformers.Traces;

namespace Microsoft.ML.NTM.Tests.Transformers.Traces;

[TestClass]
public sealed class TracePictureTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void EveryCellIsAShapeWhoseShadeTellsSignAndSize()
    {
        var series = new TraceSeries("numbers", steps: 3, width: 2);
        new float[] { 0, 2 }.CopyTo(series.Step(0));
        new float[] { -1, float.NaN }.CopyTo(series.Step(1));
        new float[] { 1, -2 }.CopyTo(series.Step(2));
        XElement picture = XElement.Parse(TracePicture.Draw(new SequenceTrace(0, 3, [series]), [series]));
        (string Kind, double Shade)?[,] cells = CellsOf(picture, steps: 3, rows: 2);

        Assert.IsNull(cells[0, 0], "0 is the ground");
        Assert.AreEqual(("value", 1.0), cells[0, 1]);
        Assert.AreEqual(("below", 0.5), cells[1, 0]);
        Assert.AreEqual("none", cells[1, 1]!.Value.Kind);
        Assert.AreEqual(("value", 0.5), cells[2, 0]);
        Assert.AreEqual(("below", 1.0), cells[2, 1]);
        CollectionAssert.IsSubsetOf(new[] { "numbers", "-2", "2", "step" }, Texts(picture));
        Assert.IsEmpty(picture.Descendants().Where(element => element.Name.LocalName == "image"), "nothing that a viewer may blur");
    }

    [TestMethod]
    public void OfManySlotsThoseInUseAreShownWithTheirNumbers()
    {
        var weighting = new TraceSeries("read 1 weighting", steps: 4, width: 100);
        for (int step = 0; step < 4; step++)
            weighting.Step(step)[97 - step] = 1;
        weighting.Step(0)[5] = 0.01f;
        var trace = new SequenceTrace(0, 4, [weighting]);
        XElement picture = XElement.Parse(TracePicture.Draw(trace, [weighting]));

        Assert.AreEqual(100, trace.Slots);
        CollectionAssert.AreEqual(new[] { 94, 95, 96, 97 }, trace.SlotsInUse.ToArray());
        CollectionAssert.IsSubsetOf(new[] { "4 of 100 slots", "94", "95", "96", "97" }, Texts(picture));
        (string Kind, double Shade)?[,] cells = CellsOf(picture, steps: 4, rows: 4);
        for (int step = 0; step < 4; step++)
        {
            for (int row = 0; row < 4; row++)
                Assert.AreEqual(row == 3 - step ? ("read", 1.0) : null, cells[step, row]);
        }
    }

    [TestMethod]
    public void AnSvgHasTheSeriesAskedFor()
    {
        var ml = new MLContext(1);
        SequenceTransformer model = ml.Sequence.Trainers.Ntm(SmallNtm.Options(1)).Fit(SmallNtm.Data(ml));
        SequenceTrace trace = ml.Sequence.Trace(model, SmallNtm.Data(ml, rows: 1)).Single();
        string path = Path.Combine(TestContext.TestRunDirectory!, $"{nameof(TracePictureTests)}.svg");
        string[] first = ["inputs", "targets", "answers", "read 1 weighting", "write 1 weighting", "read 1 gate", "write 1 gate", "step"];

        trace.SaveSvg(path);
        CollectionAssert.IsSubsetOf(first, Texts(XElement.Load(path)));
        CollectionAssert.DoesNotContain(Texts(XElement.Load(path)), "memory");
        trace.SaveSvg(path, "memory", "write 1 key");
        CollectionAssert.IsSubsetOf(new[] { "memory", "write 1 key" }, Texts(XElement.Load(path)));
        CollectionAssert.DoesNotContain(Texts(XElement.Load(path)), "inputs");
        Assert.ThrowsExactly<ArgumentException>(() => trace.SaveSvg(path, "nothing"));
    }

    private static string[] Texts(XElement picture) =>
        [.. picture.Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value)];

    // What covers each cell's middle: class and opacity of the path that has a rectangle there.
    private static (string Kind, double Shade)?[,] CellsOf(XElement picture, int steps, int rows)
    {
        XElement ground = picture.Elements().First(element => element.Name.LocalName == "rect");
        double At(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
        double width = At(ground, "width") / steps, height = At(ground, "height") / rows;
        var cells = new (string, double)?[steps, rows];
        foreach (XElement path in picture.Elements().Where(element => element.Name.LocalName == "path"))
        {
            foreach (string shape in path.Attribute("d")!.Value.Split('M', StringSplitOptions.RemoveEmptyEntries))
            {
                double[] numbers = [.. shape.Split([' ', 'h', 'v', 'z'], StringSplitOptions.RemoveEmptyEntries)
                    .Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
                int row = (int)((numbers[1] - At(ground, "y")) / height);
                Assert.AreEqual(height, numbers[3]);
                Assert.AreEqual(-numbers[2], numbers[4]);
                for (double x = numbers[0]; x < numbers[0] + numbers[2]; x += width)
                {
                    int step = (int)((x - At(ground, "x")) / width);
                    Assert.IsNull(cells[step, row], "no cell is drawn twice");
                    cells[step, row] = (path.Attribute("class")!.Value, At(path, "fill-opacity"));
                }
            }
        }
        return cells;
    }
}
