using System.Runtime.CompilerServices;

/// <summary>Answers --help before the program begins, so that Program.cs stays README's to the letter.</summary>
internal static class Help
{
    [ModuleInitializer]
    internal static void Answer()
    {
        if (!Environment.GetCommandLineArgs().Skip(1).Any(argument => argument is "--help" or "-h" or "-?"))
            return;
        Console.WriteLine("""
            Learns from machines.csv which runs fail, measures that on runs kept apart, saves machines.zip, and answers for
            machines-new.csv; all of them in the current folder. It has no options: edit Program.cs for data of your own.
            """);
        Environment.Exit(0);
    }
}
