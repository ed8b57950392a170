using System.Reflection;
using System.Text.RegularExpressions;

namespace Microsoft.ML.NTM.Tests.Architecture;

/// <summary>A test's name is a sentence about behaviour, its words run together: <c>AnEmptySequenceIsAnError</c>.</summary>
[TestClass]
public sealed partial class TestNamesTests
{
    [TestMethod]
    public void EveryTestIsNamedInOneStyle()
    {
        string[] wrong = [.. from type in typeof(TestNamesTests).Assembly.GetTypes()
                             from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                             where method.GetCustomAttribute<TestMethodAttribute>() is not null
                             where !IsSentence(method.Name) || !type.Name.EndsWith("Tests", StringComparison.Ordinal)
                             select $"{type.Name}.{method.Name}"];

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    [DataRow("An_empty_sequence_is_an_error", false)]
    [DataRow("anEmptySequenceIsAnError", false)]
    [DataRow("Sequences", false)]
    [DataRow("AnEmptySequenceIsAnError", true)]
    [DataRow("NaNIsNotScored", true)]
    public void ASentenceHasSeveralWordsAndNothingBetweenThem(string name, bool expected) => Assert.AreEqual(expected, IsSentence(name));

    private static bool IsSentence(string name) => Sentence().IsMatch(name);

    // Two words or more, each with a capital; digits count to the word before them.
    [GeneratedRegex("^(?:[A-Z][a-z0-9]*){2,}$")]
    private static partial Regex Sentence();
}
