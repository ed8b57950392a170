/// <summary>A wrong flag, folder or file ends a sample with what is wrong instead of a stack trace; the exit code is 2.</summary>
internal static class Faults
{
    public static void EndWithTheirMessage() => AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    {
        if (unhandled.ExceptionObject is not (ArgumentException or IOException or InvalidDataException or FormatException) || unhandled.ExceptionObject is not Exception fault)
            return;
        Console.Error.WriteLine(fault.Message);
        Environment.Exit(2);
    };
}
