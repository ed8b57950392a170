using System.Diagnostics;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>A disk of its own, held in memory, that can be full or only be read. Only a system's administrator can make one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder, _filler;

    private SmallDisk(string folder) => (_folder, _filler) = (folder, Path.Combine(folder, "filler"));

    /// <summary>Makes one of so many bytes at a folder that is there; null where that is not possible.</summary>
    public static SmallDisk? TryMount(string folder, int bytes) =>
        OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", folder) ? new SmallDisk(folder) : null;

    /// <summary>Leaves no byte.</summary>
    public void Fill()
    {
        try
        {
            using var filler = new FileStream(_filler, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            for (byte[] block = new byte[512]; ;)
                filler.Write(block);
        }
        catch (IOException)
        {
            // That it is full is what was wanted.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Empty() => File.Delete(_filler);

    /// <summary>Whether files may be written; changes nothing while files are open to be written.</summary>
    public bool SetWritable(bool writable) => Run("mount", "-o", writable ? "remount,rw" : "remount,ro", _folder);

    public void Dispose() => Run("umount", "-l", _folder);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
