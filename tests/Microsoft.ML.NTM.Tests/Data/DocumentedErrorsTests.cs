using System.Reflection;

namespace Microsoft.ML.NTM.Tests.Data;

/// <summary>The table of bad input names a test for each of its rows; this checks that there are such tests.</summary>
[TestClass]
public sealed class DocumentedErrorsTests
{
    [TestMethod]
    public void EveryRowOfTheTableNamesATestThatExists()
    {
        string file = Path.Combine(SourceTree.Root, "src", "Microsoft.ML.NTM", "Data", "README.md");
        HashSet<string> tests = [.. from type in typeof(DocumentedErrorsTests).Assembly.GetTypes()
                                    from method in type.GetMethods()
                                    where method.GetCustomAttribute<TestMethodAttribute>() is not null
                                    select $"{type.Name}.{method.Name}"];
        string[] named = [.. File.ReadAllLines(file).Where(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Split('|')[^2].Trim())];

        Assert.IsGreaterThan(30, named.Length);
        Assert.IsEmpty(named.Where(name => !tests.Contains(name)), string.Join('\n', named.Where(name => !tests.Contains(name))));
    }
}
