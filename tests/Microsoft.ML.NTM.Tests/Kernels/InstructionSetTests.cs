using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Tests.Kernels;

/// <summary>The kernels' tests again, as on machines with fewer instructions: in a process in which .NET does not use the others.</summary>
[TestClass]
public sealed class InstructionSetTests
{
    private const string Expected = "NTM_EXPECTED_SIMD";

    [TestMethod]
    [DataRow("DOTNET_EnableAVX512", 256, true)]
    [DataRow("DOTNET_EnableAVX2", 128, true)]
    [DataRow("DOTNET_EnableHWIntrinsic", 128, false)]
    public void KernelsAreRightWithoutSomeInstructions(string without, int bits, bool vectors)
    {
        if (!X86Base.IsSupported || (int)SimdWidths.Best <= bits && vectors)
            Assert.Inconclusive($"{without}=0 changes nothing on this machine.");
        string here = typeof(InstructionSetTests).Assembly.Location, room = typeof(InstructionSetTests).Namespace!;
        (int exitCode, string output) = ChildProcess.Run(new Dictionary<string, string>
        {
            [without] = "0",
            [Expected] = $"{bits}, {vectors}",
        }, "dotnet", here, "--filter", $"FullyQualifiedName~{room}.&FullyQualifiedName!~{nameof(KernelsAreRightWithoutSomeInstructions)}");
        Assert.AreEqual(0, exitCode, output);
    }

    [TestMethod]
    public void TheWidthIsTheOneThatWasAskedFor()
    {
        if (Environment.GetEnvironmentVariable(Expected) is not { } expected)
            return;
        Assert.AreEqual(expected, $"{(int)SimdWidths.Best}, {Vector128.IsHardwareAccelerated}");
    }
}
