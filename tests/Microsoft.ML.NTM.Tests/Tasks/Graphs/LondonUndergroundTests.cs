namespace Microsoft.ML.NTM.Tests.Tasks.Graphs;

[TestClass]
public sealed class LondonUndergroundTests
{
    [TestMethod]
    public void TheWholeNetworkIsThere()
    {
        NamedGraph map = LondonUnderground.Read(SharedData.Folder("london-underground"), maxZone: null);
        Assert.HasCount(302, map.Graph.Nodes);
        Assert.IsInRange(780, 812, map.Graph.Triples.Count); // 406 connections, both ways, a few of them given twice
        foreach (GraphTriple triple in map.Graph.Triples)
        {
            IReadOnlyList<GraphTriple> back = map.Graph.Outgoing(triple.Destination);
            Assert.IsTrue(back.Any(edge => edge.Destination == triple.Source && edge.Edge / 10 == triple.Edge / 10), map.Describe(triple));
        }
        Assert.HasCount(302, map.Graph.Distances(map.NodeLabel("Bank")), "every station can be reached");
    }

    [TestMethod]
    public void EdgesAreNamedByLineAndDirection()
    {
        NamedGraph map = LondonUnderground.Read(SharedData.Folder("london-underground"));
        int oxfordCircus = map.NodeLabel("Oxford Circus");
        string[] leaving = [.. map.Graph.Outgoing(oxfordCircus).Select(map.Describe).Order()];
        CollectionAssert.IsSubsetOf(
            new[] { "Oxford Circus - Central E - Tottenham Court Road", "Oxford Circus - Central W - Bond Street" }, leaving);
        Assert.HasCount(6, leaving, string.Join(", ", leaving)); // Bakerloo, Central, Victoria, both ways each
    }

    [TestMethod]
    public void ZoneOneHasASizeThatTheCurriculumPrepares()
    {
        NamedGraph map = LondonUnderground.Read(SharedData.Folder("london-underground"));
        Assert.IsInRange(40, 75, map.Graph.Nodes.Count);
        Assert.IsInRange(80, 240, map.Graph.Triples.Count);
    }

    [TestMethod]
    public void JourneysAreQuestionsWithStationNames()
    {
        NamedGraph map = LondonUnderground.Read(SharedData.Folder("london-underground"));
        IReadOnlyList<GraphTriple>[] journeys = [.. map.Journeys(20, minLength: 2, maxLength: 4, seed: 5)];
        Assert.HasCount(20, journeys);
        foreach (IReadOnlyList<GraphTriple> journey in journeys)
        {
            Assert.IsInRange(2, 4, journey.Count);
            GraphSequence row = GraphQuestion.Traversal(map.Graph, journey[0].Source, [.. journey.Select(step => step.Edge)]);
            IReadOnlyList<GraphTriple> answer = GraphCode.ReadAnswer(row.Label).Triples;
            CollectionAssert.AreEqual(journey.Select(map.Describe).ToArray(), answer.Select(map.Describe).ToArray());
        }
        CollectionAssert.AreEqual(journeys[7].ToArray(), map.Journeys(20, 2, 4, seed: 5).ElementAt(7).ToArray());
    }

    [TestMethod]
    public void APartOfTheNetworkHoldsTheNearestStationsAndTheirEdges()
    {
        NamedGraph map = LondonUnderground.Read(SharedData.Folder("london-underground"));
        int oxfordCircus = map.NodeLabel("Oxford Circus");

        NamedGraph part = map.Around(oxfordCircus, 10);

        Assert.HasCount(10, part.Graph.Nodes);
        Assert.HasCount(10, part.Graph.Distances(oxfordCircus), "all of them can be reached");
        CollectionAssert.AreEquivalent(map.Graph.Outgoing(oxfordCircus).ToArray(), part.Graph.Outgoing(oxfordCircus).ToArray());
        Assert.AreEqual("Oxford Circus", part.NodeName(oxfordCircus));
        Assert.HasCount(map.Graph.Nodes.Count, map.Around(oxfordCircus, 500).Graph.Nodes);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => map.Around(oxfordCircus, 1));
    }

    [TestMethod]
    public void QuotedNamesMayHaveCommas()
    {
        Assert.AreEqual("Here, there - Circle N - There", Describe(Stations, "station1,station2,line\n1,2,3\n"));
    }

    [TestMethod]
    [DataRow("london.stations.csv, line 1: the header lacks zone", "id,latitude,longitude,name\n1,51.5,-0.1,Here\n", "")]
    [DataRow("london.stations.csv, line 1: the header lacks id", "", "")]
    [DataRow("london.stations.csv, line 2: latitude 'north' is not a number", "id,latitude,longitude,name,zone\n1,north,-0.1,Here,1\n", "")]
    [DataRow("london.stations.csv, line 2: id '1000' is not 0 to 999", "id,latitude,longitude,name,zone\n1000,51.5,-0.1,Here,1\n", "")]
    [DataRow("london.connections.csv, line 2: line 99 is not 1 to 13", Stations, "station1,station2,line\n1,2,99\n")]
    [DataRow("london.connections.csv, line 3: 2 fields where the header has 3", Stations, "station1,station2,line\n1,2,3\n1,2\n")]
    [DataRow("london.connections.csv, line 4: station2 '-2' is not 0 to 999", Stations, "station1,station2,line\n1,2,3\n\n1,-2,3\n")]
    public void AFaultyFileIsNamedWithItsLine(string message, string stations, string connections)
    {
        var fault = Assert.ThrowsExactly<InvalidDataException>(() => Describe(stations, connections));

        Assert.Contains(message, fault.Message);
    }

    [TestMethod]
    public void AFileThatIsNotThereIsNamed()
    {
        string folder = Path.Combine(Path.GetTempPath(), "no-such-underground");

        Assert.Contains("london.stations.csv", Assert.ThrowsExactly<FileNotFoundException>(() => LondonUnderground.Read(folder)).Message);
    }

    private const string Stations = "id,latitude,longitude,name,zone\n1,51.5,-0.1,\"Here, there\",1\n2,51.6,-0.1,There,1\n";

    private static string Describe(string stations, string connections)
    {
        string folder = Directory.CreateTempSubdirectory("underground").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "london.stations.csv"), stations);
            File.WriteAllText(Path.Combine(folder, "london.connections.csv"), connections);
            NamedGraph map = LondonUnderground.Read(folder);
            return map.Describe(map.Graph.Triples.First());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
