using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies shared libraries and marks their need of one symbol version of libstdc++ as weak: the dynamic linker then does
/// not refuse the library when the version is missing. Right only because no symbol of that version is used.
/// </summary>
public sealed class RelaxTorchSharpTask : Task
{
    const string Version = "GLIBCXX_3.4.32";
    const ushort Weak = 2; // VER_FLG_WEAK

    [Required]
    public ITaskItem[] Sources { get; set; }

    [Required]
    public ITaskItem[] Copies { get; set; }

    /// <summary>Relax whatever this machine's own libstdc++ has.</summary>
    public bool Always { get; set; }

    public override bool Execute()
    {
        bool relax = Always || HostLacksVersion();
        for (int i = 0; i < Sources.Length; i++)
        {
            byte[] image = File.ReadAllBytes(Sources[i].ItemSpec);
            bool relaxed = relax && Relax(image);
            string copy = Path.GetFullPath(Copies[i].ItemSpec);
            Directory.CreateDirectory(Path.GetDirectoryName(copy));
            // Deleted first: the old file may share its content with others through a hard link.
            File.Delete(copy);
            File.WriteAllBytes(copy, image);
            Log.LogMessage(MessageImportance.Normal, relaxed ? "{0} no longer insists on {1}." : "{0} still asks for {1}.",
                Copies[i].ItemSpec, Version);
        }
        return true;
    }

    static bool HostLacksVersion()
    {
        foreach (string folder in LibraryFolders())
        {
            string library = Path.Combine(folder, "libstdc++.so.6");
            if (File.Exists(library))
                return Encoding.ASCII.GetString(File.ReadAllBytes(library)).IndexOf(Version + "\0", StringComparison.Ordinal) < 0;
        }
        return false;
    }

    static IEnumerable<string> LibraryFolders()
    {
        foreach (string folder in (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':'))
        {
            if (folder.Length > 0)
                yield return folder;
        }
        foreach (string root in new[] { "/usr/lib", "/lib" })
        {
            yield return root + "/x86_64-linux-gnu";
            yield return root + "/aarch64-linux-gnu";
            yield return root + "64";
            yield return root;
        }
    }

    // The section .gnu.version_r: one Verneed per library, each with a chain of Vernaux, one per version (System V gABI; LSB 10.7).
    static bool Relax(byte[] image)
    {
        if (image.Length < 64 || BitConverter.ToUInt32(image, 0) != 0x464C457F || image[4] != 2 || image[5] != 1)
            return false; // not a 64-bit little-endian ELF file
        const uint VersionNeeds = 0x6FFFFFFE;
        int sections = (int)BitConverter.ToInt64(image, 0x28), size = BitConverter.ToUInt16(image, 0x3A),
            count = BitConverter.ToUInt16(image, 0x3C);
        bool found = false;
        for (int i = 0; i < count; i++)
        {
            int section = sections + i * size;
            if (BitConverter.ToUInt32(image, section + 4) != VersionNeeds)
                continue;
            int strings = sections + BitConverter.ToInt32(image, section + 0x28) * size;
            found |= RelaxNeeds(image, (int)BitConverter.ToInt64(image, section + 0x18), (int)BitConverter.ToInt64(image, strings + 0x18));
        }
        return found;
    }

    static bool RelaxNeeds(byte[] image, int need, int strings)
    {
        bool found = false;
        for (; need != 0; need = Next(image, need))
        {
            for (int version = need + BitConverter.ToInt32(image, need + 8); version != 0; version = Next(image, version))
            {
                if (Text(image, strings + BitConverter.ToInt32(image, version + 8)) != Version)
                    continue;
                image[version + 4] |= (byte)Weak;
                found = true;
            }
        }
        return found;
    }

    // Both kinds of entry hold, at the same place, the distance to the next one: 0 in the last.
    static int Next(byte[] image, int entry)
    {
        int distance = BitConverter.ToInt32(image, entry + 12);
        return distance == 0 ? 0 : entry + distance;
    }

    static string Text(byte[] image, int start)
    {
        return Encoding.ASCII.GetString(image, start, Array.IndexOf(image, (byte)0, start) - start);
    }
}
