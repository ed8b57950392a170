using Spectre.Console;
using Spectre.Console.Rendering;

/// <summary>What a sample shows: a picture that grows on a terminal, plain lines in a file.</summary>
internal static class Terminal
{
    /// <summary>
    /// A wrong flag, folder, file or row ends the sample with what is wrong instead of a stack trace; the exit code is 2.
    /// </summary>
    public static void Prepare()
    {
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
        {
            if (unhandled.ExceptionObject is not (ArgumentException or IOException or InvalidDataException
                    or InvalidOperationException or FormatException)
                || unhandled.ExceptionObject is not Exception fault)
                return;
            Console.Error.WriteLine(fault.GetBaseException().Message);
            Environment.Exit(2);
        };
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Capabilities.Ansi = false;
            AnsiConsole.Profile.Width = 160;
        }
    }

    /// <summary>
    /// Runs what calls its argument again and again with a picture that replaces the last and a line that says what is new in it.
    /// </summary>
    public static T Live<T>(Func<Action<IRenderable, string>, T> run) => Console.IsOutputRedirected
        ? run((_, line) => Console.WriteLine(line))
        : AnsiConsole.Live(new Text("Training ...")).Start(display => run((picture, _) => display.UpdateTarget(picture)));
}
