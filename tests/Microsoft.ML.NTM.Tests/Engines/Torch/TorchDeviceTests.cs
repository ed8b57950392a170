using Microsoft.ML.NTM.Engines.Torch;
using TorchSharp;

namespace Microsoft.ML.NTM.Tests.Engines.Torch;

[TestClass]
public sealed class TorchDeviceTests
{
    [TestMethod]
    public void Without_a_gpu_id_the_cpu_is_taken_and_no_gpu_is_looked_for()
    {
        TorchDevice device = TorchDevice.Choose(null, fallbackToCpu: false, () => throw new InvalidOperationException("asked"));
        Assert.AreEqual(TorchDevice.Cpu, device);
        Assert.AreEqual(DeviceType.CPU, device.ToTorch().type);
    }

    [TestMethod]
    public void The_very_gpu_that_was_asked_for_is_taken()
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
    public void A_missing_gpu_falls_back_to_the_cpu_with_a_warning(int id)
    {
        TorchDevice device = TorchDevice.Choose(id, fallbackToCpu: true, () => (3, null));
        Assert.IsNull(device.GpuIndex);
        Assert.Contains($"GpuDeviceId is {id}: libtorch finds only the CUDA devices 0..2", device.Warning!);
    }

    [TestMethod]
    public void A_missing_gpu_without_fallback_is_an_error_that_names_the_id()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => TorchDevice.Choose(0, fallbackToCpu: false, () => (0, null)));
        Assert.Contains("GpuDeviceId is 0: libtorch finds no CUDA device", error.Message);
        Assert.Contains("FallbackToCpu", error.Message);
    }

    [TestMethod]
    public void A_backend_that_does_not_load_is_the_reason_given()
    {
        TorchDevice device = TorchDevice.Choose(0, fallbackToCpu: true, () => (0, "The Torch engine cannot run: reasons."));
        Assert.Contains("GpuDeviceId is 0: The Torch engine cannot run: reasons.", device.Warning!);
    }

    [TestMethod]
    public void This_machine_is_asked_through_libtorch()
    {
        int devices = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        Assert.IsNull(TorchDevice.Choose(devices, fallbackToCpu: true).GpuIndex);
    }
}
