using Microsoft.ML.NTM.Engines.Torch;
using TorchSharp;

namespace Microsoft.ML.NTM.Tests.Engines.Torch;

[TestClass]
public sealed class TorchDeviceTests
{
    [TestMethod]
    public void WithoutAGpuIdTheCpuIsTakenAndNoGpuIsLookedFor()
    {
        TorchDevice device = TorchDevice.Choose(null, fallbackToCpu: false, () => throw new InvalidOperationException("asked"));
        Assert.AreEqual(TorchDevice.Cpu, device);
        Assert.AreEqual(DeviceType.CPU, device.ToTorch().type);
    }

    [TestMethod]
    public void TheVeryGpuThatWasAskedForIsTaken()
    {
        TorchDevice device = TorchDevice.Choose(2, fallbackToCpu: true, () => (3, null));
        Assert.AreEqual(2, device.GpuIndex);
        Assert.IsNull(device.Warning);
        Assert.AreEqual(DeviceType.CUDA, device.ToTorch().type);
        Assert.AreEqual(2, device.ToTorch().index);
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(-1)]
    public void AMissingGpuFallsBackToTheCpuWithAWarning(int id)
    {
        TorchDevice device = TorchDevice.Choose(id, fallbackToCpu: true, () => (3, null));
        Assert.IsNull(device.GpuIndex);
        Assert.Contains($"GpuDeviceId is {id}: libtorch finds only the CUDA devices 0..2", device.Warning!);
    }

    [TestMethod]
    public void AMissingGpuWithoutFallbackIsAnErrorThatNamesTheId()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TorchDevice.Choose(0, fallbackToCpu: false, () => (0, null)));
        Assert.Contains("GpuDeviceId is 0: libtorch finds no CUDA device", error.Message);
        Assert.Contains("FallbackToCpu", error.Message);
    }

    [TestMethod]
    public void ABackendThatDoesNotLoadIsTheReasonGiven()
    {
        TorchDevice device = TorchDevice.Choose(0, fallbackToCpu: true, () => (0, "The Torch engine cannot run: reasons."));
        Assert.Contains("GpuDeviceId is 0: The Torch engine cannot run: reasons.", device.Warning!);
    }

    [TestMethod]
    public void ThisMachineIsAskedThroughLibtorch()
    {
        int devices = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        Assert.IsNull(TorchDevice.Choose(devices, fallbackToCpu: true).GpuIndex);
    }
}
