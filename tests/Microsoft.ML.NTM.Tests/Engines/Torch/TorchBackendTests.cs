using Microsoft.ML.NTM.Engines.Torch;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Tests.Engines.Torch;

[TestClass]
public sealed class TorchBackendTests
{
    [TestMethod]
    public void LibtorchRunsAndDifferentiatesOnThisMachine()
    {
        Assert.IsTrue(TorchBackend.IsAvailable, TorchBackend.Failure);
        using var scope = NewDisposeScope();
        Tensor x = tensor([2.0, 3.0], requires_grad: true);
        (x * x).sum().backward();
        CollectionAssert.AreEqual(new[] { 4.0, 6.0 }, x.grad!.data<double>().ToArray());
    }

    [TestMethod]
    public void AMissingLibtorchNamesThePackagesToAdd()
    {
        string message = TorchBackend.Explain(libtorchLoads: false,
            "libLibTorchSharp.so: cannot open shared object file: No such file or directory");
        Assert.Contains("has no libtorch", message);
        Assert.Contains("TorchSharp-cpu", message);
    }

    [TestMethod]
    public void AnOlderLibstdcxxIsNamedAsTheReasonWithTheWaysOut()
    {
        string message = TorchBackend.Explain(libtorchLoads: true,
            "Unable to load shared library.\n/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by "
                + "libLibTorchSharp.so)\nmore");
        Assert.Contains("newer C++ runtime", message);
        Assert.Contains("RelaxTorchSharpForOlderLibstdcxx = true", message);
        Assert.EndsWith("(required by libLibTorchSharp.so)", message);
    }

    [TestMethod]
    public void AnyOtherFailurePassesOnWhatTheLoaderSaid()
    {
        Assert.Contains("undefined symbol: x", TorchBackend.Explain(libtorchLoads: true, "undefined symbol: x"));
    }
}
