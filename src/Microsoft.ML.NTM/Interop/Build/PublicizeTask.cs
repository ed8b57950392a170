using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies assemblies with wider visibility: internal becomes public, private protected becomes protected. Only the flag words of
/// the metadata tables TypeDef, Field and MethodDef change (ECMA-335 II.22), so nothing moves and nothing has to be rewritten.
/// Private members stay private.
/// </summary>
public sealed class PublicizeTask : Task
{
    [Required]
    public ITaskItem[] Sources { get; set; }

    [Required]
    public ITaskItem[] Copies { get; set; }

    public override bool Execute()
    {
        for (int i = 0; i < Sources.Length; i++)
        {
            byte[] image = File.ReadAllBytes(Sources[i].ItemSpec);
            Widen(image);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Copies[i].ItemSpec)));
            File.WriteAllBytes(Copies[i].ItemSpec, image);
        }
        return true;
    }

    // Table numbers and the order of the tables: ECMA-335 II.22.
    const int Module = 0x00, TypeRef = 0x01, TypeDef = 0x02, Field = 0x04, MethodDef = 0x06, Param = 0x08, ModuleRef = 0x1A,
        TypeSpec = 0x1B, AssemblyRef = 0x23;

    static void Widen(byte[] image)
    {
        int at = FindTables(image);
        byte heapSizes = image[at + 6];
        ulong present = BitConverter.ToUInt64(image, at + 8);
        int[] rows = new int[64];
        at += 24;
        for (int table = 0; table < 64; table++)
        {
            if ((present >> table & 1) == 0)
                continue;
            rows[table] = BitConverter.ToInt32(image, at);
            at += 4;
        }

        int text = (heapSizes & 1) != 0 ? 4 : 2, guid = (heapSizes & 2) != 0 ? 4 : 2, blob = (heapSizes & 4) != 0 ? 4 : 2;
        int scope = Index(2, rows[Module], rows[ModuleRef], rows[AssemblyRef], rows[TypeRef]);
        int extends = Index(2, rows[TypeDef], rows[TypeRef], rows[TypeSpec]);
        int typeSize = 4 + 2 * text + extends + Index(0, rows[Field]) + Index(0, rows[MethodDef]);
        int fieldSize = 2 + text + blob;
        int methodSize = 8 + text + blob + Index(0, rows[Param]);
        if (rows[3] != 0 || rows[5] != 0)
            throw new BadImageFormatException("The assembly has uncompressed metadata (FieldPtr, MethodPtr), which compilers do not emit.");

        int types = at + rows[Module] * (2 + text + 3 * guid) + rows[TypeRef] * (scope + 2 * text);
        int fields = types + rows[TypeDef] * typeSize;
        int methods = fields + rows[Field] * fieldSize;
        for (int i = 0; i < rows[TypeDef]; i++)
            Replace(image, types + i * typeSize, WidenType);
        for (int i = 0; i < rows[Field]; i++)
            Replace(image, fields + i * fieldSize, WidenMember);
        for (int i = 0; i < rows[MethodDef]; i++)
            Replace(image, methods + i * methodSize + 6, WidenMember);
    }

    static void Replace(byte[] image, int at, Func<int, int> widen)
    {
        image[at] = (byte)(image[at] & ~7 | widen(image[at] & 7));
    }

    // TypeAttributes: 0 internal, 1 public; nested: 2 public, 3 private, 4 protected, 5 internal, 6 private protected, 7 protected
    // internal.
    static int WidenType(int visibility)
    {
        return visibility == 0 ? 1 : visibility == 5 ? 2 : visibility == 6 ? 4 : visibility;
    }

    // MemberAttributes: 1 private, 2 private protected, 3 internal, 4 protected, 5 protected internal, 6 public.
    static int WidenMember(int visibility)
    {
        return visibility == 2 ? 4 : visibility == 3 ? 6 : visibility;
    }

    // An index is four bytes wide once a table it may point into has more rows than fit beside its tag bits.
    static int Index(int tagBits, params int[] rows)
    {
        foreach (int count in rows)
        {
            if (count >= 1 << 16 - tagBits)
                return 4;
        }
        return 2;
    }

    // PE header -> CLI header -> metadata root -> stream "#~" (ECMA-335 II.24.2, II.25).
    static int FindTables(byte[] image)
    {
        int pe = BitConverter.ToInt32(image, 0x3C);
        int optional = pe + 24;
        int directories = optional + (BitConverter.ToUInt16(image, optional) == 0x20B ? 112 : 96);
        int cli = Locate(image, pe, BitConverter.ToInt32(image, directories + 14 * 8));
        int root = Locate(image, pe, BitConverter.ToInt32(image, cli + 8));
        int at = root + 16 + BitConverter.ToInt32(image, root + 12);
        int streams = BitConverter.ToUInt16(image, at + 2);
        at += 4;
        for (int i = 0; i < streams; i++)
        {
            int end = Array.IndexOf(image, (byte)0, at + 8);
            if (Encoding.ASCII.GetString(image, at + 8, end - at - 8) == "#~")
                return root + BitConverter.ToInt32(image, at);
            at = at + 8 + ((end - at - 8) / 4 + 1) * 4;
        }
        throw new BadImageFormatException("The assembly has no metadata tables.");
    }

    static int Locate(byte[] image, int pe, int address)
    {
        int sections = BitConverter.ToUInt16(image, pe + 6);
        int section = pe + 24 + BitConverter.ToUInt16(image, pe + 20);
        for (int i = 0; i < sections; i++, section += 40)
        {
            int start = BitConverter.ToInt32(image, section + 12), size = BitConverter.ToInt32(image, section + 16);
            if (address >= start && address < start + size)
                return address - start + BitConverter.ToInt32(image, section + 20);
        }
        throw new BadImageFormatException("The assembly's headers point outside its sections.");
    }
}
