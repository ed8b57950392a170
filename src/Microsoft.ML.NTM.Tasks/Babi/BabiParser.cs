namespace Microsoft.ML.NTM.Tasks;

/// <summary>
/// Reads the format of the bAbI files (arXiv:1502.05698): numbered sentences, a new story at number 1; a question's line goes on with a
/// tab, the answer's words separated by commas, a tab, and the numbers of the supporting lines.
/// </summary>
internal static class BabiParser
{
    /// <summary>The token that stands for one word of an answer.</summary>
    public const string AnswerSlot = "-";

    /// <summary>The stories of one file, one after the other.</summary>
    /// <exception cref="InvalidDataException">A line does not follow the format.</exception>
    public static IEnumerable<BabiTextStory> Read(string path, int task)
    {
        var tokens = new List<string>();
        var answers = new List<string>();
        int lineNumber = 0;
        foreach (string line in File.ReadLines(path))
        {
            lineNumber++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            int space = line.IndexOf(' ');
            if (space < 1 || !int.TryParse(line.AsSpan(0, space), out int number))
                throw Fault(path, lineNumber, "does not begin with a number and a space");
            if (number == 1 && tokens.Count > 0)
            {
                yield return Story(task, tokens, answers);
                tokens.Clear();
                answers.Clear();
            }

            string[] fields = line[(space + 1)..].Split('\t');
            tokens.AddRange(Tokens(fields[0]));
            answers.AddRange(Enumerable.Repeat("", tokens.Count - answers.Count));
            if (fields.Length == 1)
                continue;
            string[] words = fields[1].Trim().ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries);
            if (words.Any(word => word.Length == 0))
                throw Fault(path, lineNumber, "has a question without an answer");
            foreach (string word in words)
            {
                tokens.Add(AnswerSlot);
                answers.Add(word);
            }
        }
        if (tokens.Count > 0)
            yield return Story(task, tokens, answers);
    }

    /// <summary>Lower-case words without numbers; <c>.</c> and <c>?</c> are tokens of their own, other punctuation is dropped.</summary>
    public static IEnumerable<string> Tokens(string sentence)
    {
        int start = -1;
        for (int i = 0; i <= sentence.Length; i++)
        {
            char c = i < sentence.Length ? sentence[i] : ' ';
            if (char.IsLetterOrDigit(c) || c == '\'')
            {
                if (start < 0)
                    start = i;
                continue;
            }
            if (start >= 0 && !sentence.AsSpan(start, i - start).ContainsAnyInRange('0', '9'))
                yield return sentence[start..i].ToLowerInvariant();
            start = -1;
            if (c is '.' or '?')
                yield return c.ToString();
        }
    }

    private static BabiTextStory Story(int task, List<string> tokens, List<string> answers) =>
        new() { Task = task, Tokens = [.. tokens], Answers = [.. answers] };

    private static InvalidDataException Fault(string path, int line, string what) =>
        new($"{Path.GetFileName(path)}, line {line}: {what}. "
            + "Expected '<number> <sentence>' or '<number> <question><tab><answer><tab><numbers>'.");
}
