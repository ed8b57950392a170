namespace Microsoft.ML.NTM.Model;

/// <summary>
/// What stands in a file or a column's name, made fit for an error message: whoever wrote it may have made it a hundred million
/// characters long,
/// or filled it with line ends. A message stays below 1,000 characters whatever it quotes.
/// </summary>
internal static class Quoted
{
    /// <summary>Longest text that is quoted whole.</summary>
    internal const int LongestText = 60;

    /// <summary>Longest message of another error that is passed on whole.</summary>
    internal const int LongestMessage = 500;

    /// <summary>Longest list of faults: with what stands around it, a message stays below 1,000 characters.</summary>
    internal const int LongestFaults = 800;

    private const int MostItems = 4;

    /// <summary>The text, or its beginning and how long it is; characters that do not print are question marks.</summary>
    internal static string Text(string? text) => Text(text, LongestText);

    /// <summary>What another error says, or its beginning.</summary>
    internal static string Message(Exception error) => Text(error.Message, LongestMessage);

    /// <summary>An error as another's cause; null where its own message is too long to be passed on.</summary>
    internal static Exception? Cause(Exception error) => error.Message.Length <= LongestMessage ? error : null;

    /// <summary>The items side by side; of many, the first few and how many more there are. Each is quoted already.</summary>
    internal static string List(IReadOnlyCollection<string> items, string separator) => items.Count <= MostItems
        ? string.Join(separator, items)
        : $"{string.Join(separator, items.Take(MostItems))}{separator}and {items.Count - MostItems} more";

    /// <summary>Faults, a sentence each, one after the other; where they are too many for a message, how many more there are.</summary>
    internal static string Faults(IReadOnlyList<string> faults)
    {
        int shown = 0;
        for (int length = 0; shown < faults.Count; shown++)
        {
            length += faults[shown].Length + 1;
            if (length > LongestFaults && shown > 0)
                break;
        }
        string text = Text(string.Join(' ', faults.Take(shown)), LongestFaults);
        return shown == faults.Count ? text : $"{text} There are {faults.Count - shown} more.";
    }

    /// <summary>The text, or its beginning of <paramref name="longest"/> characters and how long it is.</summary>
    internal static string Text(string? text, int longest)
    {
        if (text is null)
            return "";
        int length = Math.Min(text.Length, longest);
        // A pair of surrogates is one character: it stays whole.
        if (length < text.Length && char.IsHighSurrogate(text[length - 1]))
            length--;
        string shown = string.Create(length, text, (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
                to[i] = char.IsControl(from[i]) ? '?' : from[i];
        });
        return length == text.Length ? shown : $"{shown}... ({text.Length} characters)";
    }
}
