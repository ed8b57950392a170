using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>
/// The London Underground as a graph, the paper's test of networks that have only seen random ones (Nature 538:471). A station's label is
/// its number in the files. An edge's label is 10 * line + compass direction, because several edges of a station may be of one line.
/// </summary>
public static class LondonUnderground
{
    private static readonly string[] Lines =
    [
        "", "Bakerloo", "Central", "Circle", "District", "East London", "Hammersmith & City", "Jubilee", "Metropolitan", "Northern",
        "Piccadilly", "Victoria", "Waterloo & City", "Docklands Light Railway",
    ];

    private static readonly string[] Directions = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];

    /// <summary>Reads <c>london.stations.csv</c> and <c>london.connections.csv</c>.</summary>
    /// <param name="folder">The folder with both files.</param>
    /// <param name="maxZone">
    /// Leaves out stations further out than this fare zone: zone 1, the default, has a size that networks trained on the curriculum know.
    /// Null: the whole network.
    /// </param>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">A line of a file is not as expected.</exception>
    public static NamedGraph Read(string folder, double? maxZone = 1)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var stations = new Dictionary<int, Station>();
        foreach (CsvRow row in CsvRow.Read(Path.Combine(folder, "london.stations.csv"), "id", "latitude", "longitude", "name", "zone"))
        {
            if (maxZone is null || row.Number("zone") <= maxZone)
                stations[row.Label("id")] = new Station(row.Text("name"), row.Number("latitude"), row.Number("longitude"));
        }

        var triples = new List<GraphTriple>();
        var taken = new HashSet<(int Station, int Edge)>();
        var joined = new HashSet<(int From, int Line, int To)>();
        var edgeNames = new SortedDictionary<int, string>();
        foreach (CsvRow row in CsvRow.Read(Path.Combine(folder, "london.connections.csv"), "station1", "station2", "line"))
        {
            (int one, int two, int line) = (row.Label("station1"), row.Label("station2"), row.Label("line"));
            if (line < 1 || line >= Lines.Length)
                throw row.Fault($"line {line} is not 1 to {Lines.Length - 1}");
            Join(one, two, line, row);
            Join(two, one, line, row);
        }
        var graph = new LabelledGraph(triples);
        return new NamedGraph(graph, stations.ToDictionary(station => station.Key, station => station.Value.Name), edgeNames);

        void Join(int from, int to, int line, CsvRow row)
        {
            if (!stations.TryGetValue(from, out Station source) || !stations.TryGetValue(to, out Station destination))
                return;
            if (!joined.Add((from, line, to)))
                return;
            int octant = Octant(source, destination);
            for (int turn = 0; turn < Directions.Length; turn++) // The next free direction, where two edges of a line leave alike.
            {
                int direction = (octant + turn) % Directions.Length;
                int edge = 10 * line + direction;
                if (!taken.Add((from, edge)))
                    continue;
                edgeNames[edge] = $"{Lines[line]} {Directions[direction]}";
                triples.Add(new GraphTriple(from, edge, to));
                return;
            }
            throw row.Fault($"station {from} has more than {Directions.Length} edges of line {line}");
        }
    }

    /// <summary>The compass direction from one station to another: 0 north, then clockwise.</summary>
    private static int Octant(Station from, Station to)
    {
        double north = to.Latitude - from.Latitude;
        double east = (to.Longitude - from.Longitude) * Math.Cos(from.Latitude * Math.PI / 180);
        double turns = Math.Atan2(east, north) / (2 * Math.PI);
        return ((int)Math.Round(turns * Directions.Length) + Directions.Length) % Directions.Length;
    }

    private readonly record struct Station(string Name, double Latitude, double Longitude);
}
