using System.Text.RegularExpressions;

namespace Microsoft.ML.NTM.Tests.Architecture;

/// <summary>The library's folders are rooms, and who may use whom is decided: data flows one way. Read off the sources.</summary>
[TestClass]
public sealed partial class RoomsTests
{
    private const string MLNet = "ML.NET", TorchSharp = "TorchSharp";

    /// <summary>What each room may use besides itself and the base library.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Kernels"] = [],
        ["Model"] = [],
        ["Interop"] = [MLNet],
        ["Data"] = ["Model", MLNet],
        ["Engines"] = ["Model", "Data", "Engines/Managed", "Engines/Torch"],
        ["Engines/Managed"] = ["Model", "Data", "Kernels", "Engines"],
        ["Engines/Torch"] = ["Model", "Data", "Engines", TorchSharp],
        ["Training"] = ["Model", "Data", "Engines"],
        ["Evaluation"] = ["Model", "Data", MLNet],
        ["Transformers"] = ["Model", "Data", "Engines", "Training", "Evaluation", "Interop", MLNet],
        ["Trainers"] = ["Model", "Data", "Engines", "Training", "Evaluation", "Interop", "Transformers", MLNet],
        ["Catalog"] = ["Model", "Data", "Engines", "Training", "Evaluation", "Interop", "Transformers", "Trainers", MLNet],
    };

    // Types of ML.NET that every use of it passes through; the namespace Microsoft.ML is in scope everywhere, so usings alone do not tell.
    private static readonly string[] MLNetTypes =
        ["MLContext", "IDataView", "DataViewSchema", "DataViewRow", "DataViewType", "VBuffer", "IHost", "IHostEnvironment", "ITransformer", "SchemaShape"];

    private static readonly string Sources = Path.Combine(SourceTree.Root, "src", "Microsoft.ML.NTM");

    [TestMethod]
    public void EveryRoomUsesOnlyTheRoomsItMay()
    {
        (string Room, string Name, HashSet<string> Words, HashSet<string> Declared, HashSet<string> Members)[] files = [.. Read()];
        var members = files.SelectMany(file => file.Members).ToHashSet();
        Dictionary<string, string> home = files
            .SelectMany(file => file.Declared.Select(type => (type, file.Room)))
            .GroupBy(pair => pair.type)
            .Where(group => group.Select(pair => pair.Room).Distinct().Count() == 1 && !members.Contains(group.Key))
            .ToDictionary(group => group.Key, group => group.First().Room);
        foreach (string type in MLNetTypes)
            home.TryAdd(type, MLNet);

        string[] wrong = [.. from file in files
                             from word in file.Words
                             where home.TryGetValue(word, out string? room) && room != file.Room && !Allowed[file.Room].Contains(room)
                             select $"{file.Name} uses {word} of {home[word]}"];

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    public void OnlyTheTorchEngineNamesTorchSharp()
    {
        string[] wrong = [.. Read().Where(file => file.Words.Contains("TorchSharp") && file.Room != "Engines/Torch").Select(file => file.Name)];

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    [TestMethod]
    public void NoSourceFileIsLongerThanFourHundredLines()
    {
        string[] all = Directory.GetFiles(SourceTree.Root, "*.cs", SearchOption.AllDirectories);
        string[] wrong = [.. all.Where(path => !IsBuilt(path) && File.ReadLines(path).Count() > 400)];

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }

    private static IEnumerable<(string Room, string Name, HashSet<string> Words, HashSet<string> Declared, HashSet<string> Members)> Read()
    {
        foreach (string path in Directory.GetFiles(Sources, "*.cs", SearchOption.AllDirectories))
        {
            string name = Path.GetRelativePath(Sources, path).Replace('\\', '/');
            if (IsBuilt(path) || name.Contains("/Build/"))
                continue;
            string[] folders = name.Split('/');
            string room = folders[0] == "Engines" && folders.Length > 2 ? $"Engines/{folders[1]}" : folders[0];
            Assert.IsTrue(Allowed.ContainsKey(room), $"{name} is in no room of the house.");
            string code = Comment().Replace(File.ReadAllText(path), " ");
            code = Text().Replace(code, " ");
            yield return (room, name, [.. Word().Matches(code).Select(match => match.Value)], [.. Declaration().Matches(code).Select(match => match.Groups[1].Value)],
                [.. Member().Matches(code).Select(match => match.Value)]);
        }
    }

    private static bool IsBuilt(string path) => path.Replace('\\', '/') is var name && (name.Contains("/obj/") || name.Contains("/bin/"));

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex("\"(\\\\.|[^\"\\\\\n])*\"")]
    private static partial Regex Text();

    // Words that may be types: after a dot stands a member of something that was named before, before a parenthesis a method, unless it is
    // made with new.
    [GeneratedRegex(@"(?<![.\w])[A-Z](?>\w*)(?!\s*\()|(?<=\bnew )[A-Z]\w*")]
    private static partial Regex Word();

    // Properties, those of records' parameter lists included: a word that is also one of these is no sure sign of a type.
    [GeneratedRegex(@"(?<=[\w>?\]] )[A-Z]\w*(?= \{ get| \{ init|,|\))")]
    private static partial Regex Member();

    [GeneratedRegex(@"\n(?:public|internal)[\w ]*? (?:class|struct|record|interface|enum|delegate \w+) (\w+)")]
    private static partial Regex Declaration();
}
