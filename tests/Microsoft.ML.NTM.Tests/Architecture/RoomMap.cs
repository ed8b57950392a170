using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Microsoft.ML.NTM.Tests.Architecture;

/// <summary>
/// Which room (folder of sources) each type of a compiled assembly comes from, and which types use which. Both are read from the assembly
/// and its symbols, where every use has its full name: aliases, equal names in two rooms, var and extension methods hide nothing.
/// Constants alone leave no trace, because the compiler writes their values.
/// </summary>
internal sealed class RoomMap : IDisposable
{
    // Documents of types without code (enumerations, interfaces): custom debug information of this kind, written by the C# compiler.
    private static readonly Guid TypeDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly PEReader _file;
    private readonly MetadataReaderProvider _symbols;
    private readonly MetadataReader _types;
    private readonly MetadataReader _documents;
    private readonly string _root;
    private readonly Dictionary<TypeDefinitionHandle, HashSet<string>> _rooms = [];

    /// <param name="assembly">The assembly's file; its symbols (.pdb) lie beside it.</param>
    /// <param name="root">The folder above the rooms, as a part of a path: <c>/src/Microsoft.ML.NTM/</c>.</param>
    public RoomMap(string assembly, string root)
    {
        _root = root;
        _file = new PEReader(File.OpenRead(assembly));
        _symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assembly, ".pdb")));
        (_types, _documents) = (_file.GetMetadataReader(), _symbols.GetMetadataReader());
        foreach (MethodDefinitionHandle method in _types.MethodDefinitions)
            AddCode(method);
        foreach (CustomDebugInformationHandle handle in _documents.CustomDebugInformation)
            AddDeclaration(_documents.GetCustomDebugInformation(handle));
    }

    /// <summary>Every use of a type by a type of another room, or by a type of a room of a type of another assembly.</summary>
    public IEnumerable<RoomUse> Uses()
    {
        foreach (TypeDefinitionHandle user in _types.TypeDefinitions)
        {
            foreach (string from in Rooms(user))
            {
                foreach (EntityHandle used in new TypeUses(_file, _types).Of(user))
                {
                    foreach (string to in Owners(used))
                    {
                        if (to != from)
                            yield return new(from, Name(user), to, Name(used));
                    }
                }
            }
        }
    }

    /// <summary>Types whose parts lie in more than one room.</summary>
    public IEnumerable<string> Divided() =>
        _rooms.Where(pair => pair.Value.Count > 1).Select(pair => $"{Name(pair.Key)}: {string.Join(", ", pair.Value)}");

    /// <inheritdoc/>
    public void Dispose()
    {
        _symbols.Dispose();
        _file.Dispose();
    }

    private void AddCode(MethodDefinitionHandle method)
    {
        MethodDebugInformation code = _documents.GetMethodDebugInformation(method);
        TypeDefinitionHandle type = _types.GetMethodDefinition(method).GetDeclaringType();
        foreach (SequencePoint point in code.GetSequencePoints())
            Add(type, point.Document);
    }

    // The value is a list of compressed row numbers of documents.
    private void AddDeclaration(CustomDebugInformation information)
    {
        if (_documents.GetGuid(information.Kind) != TypeDocuments)
            return;
        BlobReader rows = _documents.GetBlobReader(information.Value);
        while (rows.RemainingBytes > 0)
            Add((TypeDefinitionHandle)information.Parent, MetadataTokens.DocumentHandle(rows.ReadCompressedInteger()));
    }

    // Sources that are not below the root (generated ones) say nothing.
    private void Add(TypeDefinitionHandle type, DocumentHandle document)
    {
        string path = _documents.GetString(_documents.GetDocument(document).Name).Replace('\\', '/');
        int start = path.LastIndexOf(_root, StringComparison.Ordinal);
        if (start < 0 || path.Contains("/obj/", StringComparison.Ordinal))
            return;
        string[] folders = path[(start + _root.Length)..].Split('/');
        string room = folders is ["Engines", var engine, _, ..] ? $"Engines/{engine}" : folders[0];
        if (!_rooms.TryGetValue(type, out HashSet<string>? rooms))
            _rooms.Add(type, rooms = []);
        rooms.Add(room);
    }

    // A nested type without a document of its own, such as what the compiler makes of a lambda, lives where its outer type does.
    private IEnumerable<string> Rooms(TypeDefinitionHandle type)
    {
        if (_rooms.TryGetValue(type, out HashSet<string>? rooms))
            return rooms;
        TypeDefinitionHandle outer = _types.GetTypeDefinition(type).GetDeclaringType();
        return outer.IsNil ? [] : Rooms(outer);
    }

    private IEnumerable<string> Owners(EntityHandle type) => type.Kind == HandleKind.TypeDefinition
        ? Rooms((TypeDefinitionHandle)type)
        : [Assembly((TypeReferenceHandle)type)];

    private string Assembly(TypeReferenceHandle type)
    {
        EntityHandle scope = _types.GetTypeReference(type).ResolutionScope;
        return scope.Kind == HandleKind.TypeReference
            ? Assembly((TypeReferenceHandle)scope)
            : _types.GetString(_types.GetAssemblyReference((AssemblyReferenceHandle)scope).Name);
    }

    private string Name(EntityHandle type)
    {
        if (type.Kind == HandleKind.TypeDefinition)
        {
            TypeDefinition own = _types.GetTypeDefinition((TypeDefinitionHandle)type);
            return Name(own.GetDeclaringType(), own.Namespace, own.Name);
        }
        TypeReference other = _types.GetTypeReference((TypeReferenceHandle)type);
        return Name(other.ResolutionScope.Kind == HandleKind.TypeReference ? other.ResolutionScope : default, other.Namespace, other.Name);
    }

    private string Name(EntityHandle outer, StringHandle space, StringHandle name)
    {
        string prefix = outer.IsNil ? _types.GetString(space) : Name(outer);
        return prefix.Length == 0 ? _types.GetString(name) : $"{prefix}.{_types.GetString(name)}";
    }
}

/// <summary>A type of one room (or of another assembly: its name) used by a type of another room.</summary>
internal sealed record RoomUse(string From, string User, string To, string Used);
