namespace Microsoft.ML.NTM;

/// <summary>The tokens of a set of bAbI stories, in ordinal order. Key k stands for word k - 1; key 0 is no word, as in ML.NET.</summary>
public sealed class BabiVocabulary
{
    private readonly Dictionary<string, uint> keys;

    internal BabiVocabulary(IEnumerable<string> words)
    {
        Words = [.. words.Distinct().Order(StringComparer.Ordinal)];
        keys = new Dictionary<string, uint>(Words.Count, StringComparer.Ordinal);
        foreach (string word in Words)
            keys.Add(word, (uint)keys.Count + 1);
    }

    /// <summary>The words, punctuation (<c>.</c>, <c>?</c>) and answer slot (<c>-</c>) included.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>A word's key, 1 or more; 0 for a word that is not in the vocabulary.</summary>
    /// <param name="word">The word, in lower case.</param>
    public uint KeyOf(string word) => keys.GetValueOrDefault(word);

    /// <summary>The word of a key; empty for key 0.</summary>
    /// <param name="key">0 to the number of words.</param>
    /// <exception cref="ArgumentOutOfRangeException">The key is greater than the number of words.</exception>
    public string WordOf(uint key)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key, (uint)Words.Count);
        return key == 0 ? "" : Words[(int)key - 1];
    }
}
