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
    [DataRow(typeof(NetworkSpec), "InternalMembers.txt")]
    [DataRow(typeof(SequenceOnnxCatalog), "InternalMembers.Onnx.txt")]
    public void EveryInternalMemberInUseIsListedAndExists(Type member, string list)
    {
        string[] used = [.. NonPublicMembers(member.Assembly).Distinct().Order(StringComparer.Ordinal)];
        if (Environment.GetEnvironmentVariable("UPDATE_INTERNAL_MEMBERS") is not null)
            File.WriteAllText(Path.Combine(SourceTree.Root, "tests", "Microsoft.ML.NTM.Tests", "Interop", list),
                string.Join('\n', used) + "\n");
        string[] listed = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Interop", list));

        Assert.AreEqual(string.Join('\n', listed), string.Join('\n', used));
    }

    private static IEnumerable<string> NonPublicMembers(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        Module module = assembly.ManifestModule;
        foreach (TypeReferenceHandle handle in metadata.TypeReferences)
        {
            if (IsMicrosoftML(metadata, handle) && module.ResolveType(MetadataTokens.GetToken(handle)) is { IsVisible: false } type)
                yield return $"type {type}";
        }

        // Resolving throws for a member that the referenced assembly does not have.
        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            if (metadata.GetMemberReference(handle).Parent is { Kind: HandleKind.TypeReference } parent
                && IsMicrosoftML(metadata, (TypeReferenceHandle)parent)
                && module.ResolveMember(MetadataTokens.GetToken(handle)) is { } member
                && IsNonPublic(member))
                yield return $"{member.DeclaringType}: {member}";
        }
    }

    private static bool IsMicrosoftML(MetadataReader metadata, TypeReferenceHandle handle)
    {
        EntityHandle scope = metadata.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => IsMicrosoftML(metadata, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference => metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name)
                is "Microsoft.ML.Core" or "Microsoft.ML.Data" or "Microsoft.ML.OnnxConverter",
            _ => false,
        };
    }

    private static bool IsNonPublic(MemberInfo member) => member switch
    {
        MethodBase method => !method.IsPublic && !method.IsFamily && !method.IsFamilyOrAssembly || !method.DeclaringType!.IsVisible,
        FieldInfo field => !field.IsPublic && !field.IsFamily && !field.IsFamilyOrAssembly || !field.DeclaringType!.IsVisible,
        _ => false,
    };
}
