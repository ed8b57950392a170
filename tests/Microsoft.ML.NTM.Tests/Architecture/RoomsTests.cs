namespace Microsoft.ML.NTM.Tests.Architecture;

/// <summary>The library's folders are rooms, and who may use whom is decided: data flows one way (docs/design.md).</summary>
[TestClass]
public sealed class RoomsTests
{
    private const string MLNet = "ML.NET", TorchSharp = "TorchSharp";

    private static readonly string[] s_parts = ["Model", "Data", "Engines", "Training", "Evaluation"];

    /// <summary>What each room may use besides itself and the base library.</summary>
    internal static readonly Dictionary<string, string[]> Allowed = new()
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
        ["Transformers"] = [.. s_parts, "Interop", MLNet],
        ["Trainers"] = [.. s_parts, "Interop", "Transformers", MLNet],
        ["Forecasting"] = [.. s_parts, "Interop", "Transformers", "Trainers", MLNet],
        ["Sweeping"] = [.. s_parts, "Interop", "Transformers", "Trainers", MLNet],
        ["Catalog"] = [.. s_parts, "Interop", "Transformers", "Trainers", "Forecasting", "Sweeping", MLNet],
    };

    [TestMethod]
    public void EveryRoomUsesOnlyTheRoomsItMay()
    {
        using var map = new RoomMap(typeof(NetworkSpec).Assembly.Location, "/src/Microsoft.ML.NTM/");

        string[] wrong = [.. Wrong(map, Allowed)];

        Assert.IsEmpty(wrong, string.Join('\n', wrong));
        Assert.IsNotEmpty(map.Uses(), "No use was found at all.");
    }

    [TestMethod]
    public void NoTypeLivesInTwoRooms()
    {
        using var map = new RoomMap(typeof(NetworkSpec).Assembly.Location, "/src/Microsoft.ML.NTM/");

        Assert.IsEmpty(map.Divided(), string.Join('\n', map.Divided()));
    }

    [TestMethod]
    public void AForbiddenUseIsFoundWhateverTheTypesAreCalled()
    {
        using var map = new RoomMap(typeof(RoomsTests).Assembly.Location, "/Architecture/Planted/");
        var allowed = new Dictionary<string, string[]> { ["Kernels"] = [], ["Data"] = ["Kernels"] };

        string[] found = [.. map.Uses().Where(use => use is { From: "Kernels", To: "Data" }).Select(use => use.User.Split('.')[2])
            .Distinct().Order()];

        string[] planted = ["Annotated", "Base", "Batch", "Caught", "Field", "Generic", "Inferred", "Signature"];
        Assert.AreSequenceEqual(planted, found);
        Assert.IsTrue(Wrong(map, allowed).All(line => line.StartsWith("Kernels:", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Wrong(RoomMap map, Dictionary<string, string[]> allowed) => map.Uses()
        .Select(use => use with { To = Owner(use.To) })
        .Where(use => use.To.Length > 0 && !(allowed.TryGetValue(use.From, out string[]? rooms) && rooms.Contains(use.To)))
        .Select(use => $"{use.From}: {use.User} uses {use.Used} of {use.To}")
        .Distinct();

    // Other assemblies count as one room each, ML.NET's as one; the base library is everyone's.
    private static string Owner(string room) => room switch
    {
        _ when room.StartsWith("Microsoft.ML.", StringComparison.Ordinal) => MLNet,
        _ when room.StartsWith("System.", StringComparison.Ordinal) => "",
        _ => room,
    };
}
