using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Microsoft.ML.NTM.Tests.Architecture;

/// <summary>All types that a type names: bases, attributes, signatures, and what its code calls, makes, reads or catches.</summary>
internal sealed class TypeUses(PEReader file, MetadataReader types) : ISignatureTypeProvider<int, int>
{
    private readonly HashSet<EntityHandle> _uses = [];

    /// <summary>Definitions (types of the same assembly) and references (types of others).</summary>
    public HashSet<EntityHandle> Of(TypeDefinitionHandle handle)
    {
        TypeDefinition type = types.GetTypeDefinition(handle);
        Add(type.BaseType);
        Add(type.GetCustomAttributes());
        Add(type.GetGenericParameters());
        foreach (InterfaceImplementationHandle implemented in type.GetInterfaceImplementations())
            Add(types.GetInterfaceImplementation(implemented).Interface);
        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            types.GetFieldDefinition(field).DecodeSignature(this, 0);
            Add(types.GetFieldDefinition(field).GetCustomAttributes());
        }
        foreach (PropertyDefinitionHandle property in type.GetProperties())
            Add(types.GetPropertyDefinition(property).GetCustomAttributes());
        foreach (MethodDefinitionHandle method in type.GetMethods())
            Add(types.GetMethodDefinition(method));
        return _uses;
    }

    private void Add(MethodDefinition method)
    {
        method.DecodeSignature(this, 0);
        Add(method.GetCustomAttributes());
        Add(method.GetGenericParameters());
        if (method.RelativeVirtualAddress == 0)
            return;
        MethodBodyBlock body = file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            types.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, 0);
        foreach (ExceptionRegion region in body.ExceptionRegions)
            Add(region.CatchType);
        foreach (EntityHandle token in Instructions.Tokens(body.GetILReader()))
            Add(token);
    }

    private void Add(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle attribute in attributes)
            Add(types.GetCustomAttribute(attribute).Constructor);
    }

    private void Add(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle parameter in parameters)
        {
            foreach (GenericParameterConstraintHandle constraint in types.GetGenericParameter(parameter).GetConstraints())
                Add(types.GetGenericParameterConstraint(constraint).Type);
        }
    }

    private void Add(EntityHandle handle)
    {
        if (handle.IsNil)
            return;
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference:
                _uses.Add(handle);
                break;
            case HandleKind.TypeSpecification:
                types.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, 0);
                break;
            case HandleKind.MethodDefinition:
                Add(types.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                types.GetMethodDefinition((MethodDefinitionHandle)handle).DecodeSignature(this, 0);
                break;
            case HandleKind.FieldDefinition:
                Add(types.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                types.GetFieldDefinition((FieldDefinitionHandle)handle).DecodeSignature(this, 0);
                break;
            case HandleKind.MemberReference:
                Add(types.GetMemberReference((MemberReferenceHandle)handle));
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification method = types.GetMethodSpecification((MethodSpecificationHandle)handle);
                Add(method.Method);
                method.DecodeSignature(this, 0);
                break;
            case HandleKind.StandaloneSignature:
                types.GetStandaloneSignature((StandaloneSignatureHandle)handle).DecodeMethodSignature(this, 0);
                break;
        }
    }

    private void Add(MemberReference member)
    {
        Add(member.Parent);
        if (member.GetKind() == MemberReferenceKind.Field)
            member.DecodeFieldSignature(this, 0);
        else
            member.DecodeMethodSignature(this, 0);
    }

    // The decoder calls these for every part of a signature; only named types matter.
    public int GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => _uses.Add(handle) ? 1 : 0;

    public int GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => _uses.Add(handle) ? 1 : 0;

    public int GetTypeFromSpecification(MetadataReader reader, int genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public int GetArrayType(int elementType, ArrayShape shape) => 0;

    public int GetByReferenceType(int elementType) => 0;

    public int GetFunctionPointerType(MethodSignature<int> signature) => 0;

    public int GetGenericInstantiation(int genericType, ImmutableArray<int> typeArguments) => 0;

    public int GetGenericMethodParameter(int genericContext, int index) => 0;

    public int GetGenericTypeParameter(int genericContext, int index) => 0;

    public int GetModifiedType(int modifier, int unmodifiedType, bool isRequired) => 0;

    public int GetPinnedType(int elementType) => 0;

    public int GetPointerType(int elementType) => 0;

    public int GetPrimitiveType(PrimitiveTypeCode typeCode) => 0;

    public int GetSZArrayType(int elementType) => 0;
}
