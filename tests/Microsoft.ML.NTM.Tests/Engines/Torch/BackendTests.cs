using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Engines.Torch;

[TestClass]
public sealed class BackendTests
{
    [TestMethod]
    public void Libtorch_runs_and_differentiates_on_this_machine()
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor([2.0, 3.0], requires_grad: true);
        (x * x).sum().backward();
        CollectionAssert.AreEqual(new[] { 4.0, 6.0 }, x.grad!.data<double>().ToArray());
    }
}
