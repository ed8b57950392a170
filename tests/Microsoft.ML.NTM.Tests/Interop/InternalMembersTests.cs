using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Microsoft.ML.NTM.Tests.Interop;

/// <summary>
/// The library uses members that ML.NET keeps internal. The list beside this file names every one; where another version of ML.NET lacks
/// one, or the library starts using another, this fails and shows the difference.
/// </summary>
[TestClass]
public sealed class InternalMembersTests
{
    [TestMethod]
    public void EveryInternalMemberInUseIsListedAndExists()
    {
        string[] used = [.. NonPublicMembers(typeof(NetworkSpec).Assembly).Distinct().Order(StringComparer.Ordinal)];
        string[] listed = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Interop", "InternalMembers.txt"));

        Assert.AreEqual(string.Join('\n', listed), string.Join('\n', used));
    }

    private static IEnumerable<string> NonPublicMembers(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        Module module = assembly.ManifestModule;
        foreach (TypeReferenceHandle handle in metadata.TypeReferences)
        {
            Type type = module.ResolveType(MetadataTokens.GetToken(handle));
            if (IsMicrosoftML(type) && !type.IsVisible)
                yield return $"type {type}";
        }
        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            MemberInfo? member = Resolve(module, MetadataTokens.GetToken(handle));
            if (member?.DeclaringType is Type type && IsMicrosoftML(type) && IsNonPublic(member))
                yield return $"{(type.IsGenericType ? type.GetGenericTypeDefinition() : type)}: {member}";
        }
    }

    // Throws for a member that the referenced assembly does not have. Type parameters stand for themselves.
    private static MemberInfo? Resolve(Module module, int token)
    {
        Type[] anything = [typeof(object), typeof(object), typeof(object), typeof(object)];
        try
        {
            return module.ResolveMember(token, anything, anything);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsMicrosoftML(Type type) => type.Assembly.GetName().Name is "Microsoft.ML.Core" or "Microsoft.ML.Data";

    private static bool IsNonPublic(MemberInfo member) => member switch
    {
        MethodBase method => !method.IsPublic && !method.IsFamily && !method.IsFamilyOrAssembly || !method.DeclaringType!.IsVisible,
        FieldInfo field => !field.IsPublic && !field.IsFamily && !field.IsFamilyOrAssembly || !field.DeclaringType!.IsVisible,
        _ => false,
    };
}
