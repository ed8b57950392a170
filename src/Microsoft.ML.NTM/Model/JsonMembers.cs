using System.Text.Json;

namespace Microsoft.ML.NTM.Model;

/// <summary>The members of one object that have been read so far.</summary>
internal sealed class JsonMembers
{
    // As many as a reader knows: searched faster than hashed.
    private readonly List<string> _read = [];

    /// <summary>The member that is being read.</summary>
    internal string Name { get; private set; } = "";

    /// <summary>Goes on to a member.</summary>
    /// <exception cref="JsonException">It was there before.</exception>
    internal void Add(string name)
    {
        Name = name;
        if (_read.Contains(name))
            throw new JsonException($"{Quoted.Text(name)} is given twice.");
        _read.Add(name);
    }

    /// <summary>What is said about a member that no reader expects.</summary>
    internal JsonException Unknown() => new($"{Quoted.Text(Name)} is not known.");

    /// <summary>Does nothing where all of <paramref name="names"/> were read.</summary>
    /// <exception cref="JsonException">Some were not; the message names them.</exception>
    internal void Require(string what, params string[] names)
    {
        string missing = "";
        foreach (string name in names)
        {
            if (!_read.Contains(name))
                missing += missing.Length == 0 ? name : $", {name}";
        }
        if (missing.Length > 0)
            throw new JsonException($"the {what} lacks {missing}.");
    }
}
