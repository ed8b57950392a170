using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML.NTM.Plotting;
using Microsoft.ML.NTM.Sweeps;

namespace Microsoft.ML.NTM.Tests.Architecture;

/// <summary>What needs more values than one can keep apart groups some of them in a type that has a name.</summary>
[TestClass]
public sealed class ParameterCountTests
{
    private const int Most = 7;

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    // Why each of them reads better as it is.
    private static readonly Dictionary<string, string> s_exempt = new()
    {
        ["SequenceTrainers.Ntm"] = "optional arguments that are named in the call, as in the simple overloads of ML.NET's own trainers",
        ["SequenceTrainers.Dnc"] = "the same",
    };

    private static readonly Assembly[] s_assemblies =
    [
        typeof(NetworkSpec).Assembly, typeof(SequenceOnnxCatalog).Assembly, typeof(Figures).Assembly, typeof(CopyTask).Assembly,
        typeof(ClusterSweep).Assembly,
    ];

    [TestMethod]
    public void NothingTakesMoreThanSevenParameters()
    {
        string[] wrong = [.. s_assemblies.SelectMany(assembly => assembly.GetTypes()).SelectMany(Long)
            .Where(method => !s_exempt.ContainsKey(Name(method)))
            .Select(method => $"{Name(method)} takes {method.GetParameters().Length}")];

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    public void EveryExemptionIsNeeded()
    {
        HashSet<string> found = [.. s_assemblies.SelectMany(assembly => assembly.GetTypes()).SelectMany(Long).Select(Name)];

        string[] unneeded = [.. s_exempt.Keys.Where(name => !found.Contains(name))];

        Assert.IsEmpty(unneeded, string.Join('\n', unneeded));
    }

    [TestMethod]
    public void AMethodAndAConstructorWithEightParametersAreFound()
    {
        string[] found = [.. Long(typeof(Planted)).Select(Name).Order()];

        CollectionAssert.AreEqual(new[] { "Planted..ctor", "Planted.Eight" }, found);
    }

    private static IEnumerable<MethodBase> Long(Type type) => IsGenerated(type)
        ? []
        : type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared))
            .Where(method => method.GetParameters().Length > Most && method.GetCustomAttribute<CompilerGeneratedAttribute>() is null
                && !method.Name.Contains('<'));

    private static bool IsGenerated(Type type) => type.GetCustomAttribute<CompilerGeneratedAttribute>() is not null
        || type.GetCustomAttribute<GeneratedCodeAttribute>() is not null || type.BaseType == typeof(MulticastDelegate);

    private static string Name(MethodBase method) => $"{method.DeclaringType!.Name.Split('`')[0]}.{method.Name}";

#pragma warning disable CS9113, IDE0060 // The parameters are there to be counted.
    private sealed class Planted(int a, int b, int c, int d, int e, int f, int g, int h)
    {
        public static int Seven(int a, int b, int c, int d, int e, int f, int g) => 7;

        public static int Eight(int a, int b, int c, int d, int e, int f, int g, int h) => 8;
    }
#pragma warning restore CS9113, IDE0060
}
