using System.Reflection;

namespace Microsoft.ML.NTM.Tests.Architecture;

/// <summary>
/// Everything public is listed beside this file, so that a change of the public surface is seen as one. Run the tests once with the
/// environment variable UPDATE_PUBLIC_SURFACE set to write the list anew.
/// </summary>
[TestClass]
public sealed class PublicSurfaceTests
{
    [TestMethod]
    [DataRow(typeof(NetworkSpec), "PublicSurface.txt")]
    [DataRow(typeof(CopyTask), "PublicSurface.Tasks.txt")]
    public void PublicSurfaceIsWhatTheListSays(Type member, string list)
    {
        string file = Path.Combine(SourceTree.Root, "tests", "Microsoft.ML.NTM.Tests", "Architecture", list);
        string actual = string.Join('\n', Lines(member.Assembly)) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_SURFACE") is not null)
            File.WriteAllText(file, actual);

        Assert.AreEqual(File.ReadAllText(file), actual);
    }

    private static IEnumerable<string> Lines(Assembly assembly)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            yield return $"{Kind(type)} {type.FullName}{(type.BaseType is { } parent && parent != typeof(object) ? $" : {parent.Name}" : "")}";
            foreach (string line in type.GetMembers(Declared).Where(IsVisible).Select(member => $"    {member}").Order(StringComparer.Ordinal))
                yield return line;
        }
    }

    private static string Kind(Type type) => type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : "class";

    // Property accessors and what the compiler makes for records say nothing new.
    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => (method.IsPublic || (method.IsFamily && !method.DeclaringType!.IsSealed)) && !(method.IsSpecialName && !method.IsConstructor)
            && !method.Name.Contains('<') && method.Name is not ("Equals" or "GetHashCode" or "ToString" or "PrintMembers" or "Deconstruct"),
        PropertyInfo property => property.GetAccessors().Length > 0 && property.Name != "EqualityContract",
        FieldInfo field => field.IsPublic,
        _ => false,
    };
}
