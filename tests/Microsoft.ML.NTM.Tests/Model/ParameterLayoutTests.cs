namespace Microsoft.ML.NTM.Tests.Model;

[TestClass]
public sealed class ParameterLayoutTests
{
    [TestMethod]
    public void PapersCopyNetworkHasTheShapesOfTheEquations()
    {
        var spec = new NetworkSpec { InputSize = 9, OutputSize = 8 };
        var layout = new ParameterLayout(spec);

        CollectionAssert.AreEqual(new[] { 400, 29 }, layout["controller.0.weight_ih"].Shape.ToArray());
        CollectionAssert.AreEqual(new[] { 400, 100 }, layout["controller.0.weight_hh"].Shape.ToArray());
        CollectionAssert.AreEqual(new[] { 26 + 66, 100 }, layout["heads.weight"].Shape.ToArray());
        CollectionAssert.AreEqual(new[] { 8, 120 }, layout["output.weight"].Shape.ToArray());
    }

    [TestMethod]
    public void SlicesFollowOneAnotherWithoutGaps()
    {
        var layout = new ParameterLayout(new NetworkSpec { InputSize = 3, OutputSize = 2, ControllerLayers = 2, NumberOfReadHeads = 2 });
        int end = 0;
        foreach (ParameterSlice slice in layout.Slices)
        {
            Assert.AreEqual(end, slice.Offset, slice.Name);
            end += slice.Length;
        }
        Assert.AreEqual(layout.Length, end);
    }
}
