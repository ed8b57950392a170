using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Tests.Kernels;

[TestClass]
public sealed class FirstCallTests
{
    private const BindingFlags Every = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private const MethodImplAttributes Compiled = MethodImplAttributes.AggressiveOptimization | MethodImplAttributes.AggressiveInlining;

    [TestMethod]
    public void EveryKernelIsOptimizedBeforeItsFirstCall()
    {
        MethodInfo[] kernels = [.. typeof(Gemm).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(Gemm).Namespace && type.IsAbstract && type.IsSealed)
            .SelectMany(type => type.GetMethods(Every))
            .Where(method => !method.IsSpecialName && method.GetCustomAttribute<CompilerGeneratedAttribute>() is null
                && method.DeclaringType != typeof(SimdWidths))];
        Assert.IsGreaterThan(50, kernels.Length);
        string[] slow = [.. kernels
            .Where(method => (method.MethodImplementationFlags & Compiled) == 0)
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")];
        Assert.IsEmpty(slow, $"These start as unoptimised code: {string.Join(", ", slow)}.");
    }
}
