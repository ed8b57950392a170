namespace Microsoft.ML.NTM.Tests.Model;

[TestClass]
public sealed class ParameterSetTests
{
    private static readonly NetworkSpec s_spec = new() { Kind = NetworkKind.Lstm, ControllerSize = 2 };

    [TestMethod]
    public void ParametersAreACopyOfWhatTheyWereMadeOf()
    {
        float[] values = [.. Enumerable.Range(0, new ParameterLayout(s_spec).Length).Select(i => (float)i)];
        var parameters = new ParameterSet(s_spec, values);
        values[0] = -1;

        Assert.AreEqual(0f, parameters.AsSpan()[0]);
        ParameterSlice slice = parameters.Layout["output.weight"];
        CollectionAssert.AreEqual(values[slice.Offset..(slice.Offset + slice.Length)], parameters["output.weight"].ToArray());
        Assert.ThrowsExactly<KeyNotFoundException>(() => parameters["heads.weight"].Length);
    }

    [TestMethod]
    public void OtherNumbersOfValuesAreRefused()
    {
        int length = new ParameterLayout(s_spec).Length;
        ArgumentException fault = Assert.ThrowsExactly<ArgumentException>(() => new ParameterSet(s_spec, new float[length + 1]));

        StringAssert.Contains(fault.Message, $"Expected {length} parameters, got {length + 1}");
    }
}
