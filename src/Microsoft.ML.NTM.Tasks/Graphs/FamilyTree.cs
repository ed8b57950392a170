using Microsoft.ML.NTM.Tasks;

namespace Microsoft.ML.NTM;

/// <summary>
/// An invented family of four generations, and the relations of 2 to 5 edges that <see cref="InferenceTask"/> trains on random graphs: the
/// paper's test of inference on a graph of another kind (Nature 538:471).
/// </summary>
public static class FamilyTree
{
    // Labels of edges and relations never change: a trained network has them in its weights.
    private const int Father = 101;
    private const int Mother = 102;
    private const int Husband = 103;
    private const int Wife = 104;
    private const int Son = 110; // Son 1, 2, ...: 111, 112, ..., by age.
    private const int Daughter = 120;
    private const int Brother = 130;
    private const int Sister = 140;

    private static readonly SortedDictionary<int, string> EdgeNames = new()
    {
        [Father] = "father",
        [Mother] = "mother",
        [Husband] = "husband",
        [Wife] = "wife",
        [Son + 1] = "son 1",
        [Son + 2] = "son 2",
        [Daughter + 1] = "daughter 1",
        [Brother + 1] = "brother 1",
        [Brother + 2] = "brother 2",
        [Sister + 1] = "sister 1",
    };

    // Elder siblings first; parents before their children.
    private static readonly Person[] People =
    [
        new("Edgar", Male: true),
        new("Winifred", Male: false),
        new("Harold", true, "Edgar", "Winifred"),
        new("Beatrice", false, "Edgar", "Winifred"),
        new("Cecil", true, "Edgar", "Winifred"),
        new("Margery", false, Spouse: "Harold"),
        new("Leonard", true, Spouse: "Beatrice"),
        new("Sylvia", false, Spouse: "Cecil"),
        new("Rosalind", false, "Harold", "Margery"),
        new("Desmond", true, "Harold", "Margery"),
        new("Gordon", true, "Leonard", "Beatrice"),
        new("Hilda", false, "Leonard", "Beatrice"),
        new("Nancy", false, "Cecil", "Sylvia"),
        new("Alec", true, Spouse: "Rosalind"),
        new("Joan", false, Spouse: "Desmond"),
        new("Muriel", false, Spouse: "Gordon"),
        new("Peter", true, Spouse: "Hilda"),
        new("Ivy", false, "Alec", "Rosalind"),
        new("Oscar", true, "Alec", "Rosalind"),
        new("Ruth", false, "Desmond", "Joan"),
        new("Victor", true, "Gordon", "Muriel"),
        new("Daphne", false, "Gordon", "Muriel"),
        new("Toby", true, "Peter", "Hilda"),
    ];

    /// <summary>The relations, each a label for a sequence of edges.</summary>
    public static IReadOnlyList<GraphRelation> Relations { get; } =
    [
        new(201, "paternal grandfather", [Father, Father]),
        new(202, "paternal grandmother", [Father, Mother]),
        new(203, "maternal grandfather", [Mother, Father]),
        new(204, "maternal grandmother", [Mother, Mother]),
        new(205, "paternal uncle", [Father, Brother + 1]),
        new(206, "paternal aunt", [Father, Sister + 1]),
        new(207, "maternal uncle", [Mother, Brother + 1]),
        new(208, "brother's wife", [Brother + 1, Wife]),
        new(209, "husband's father", [Husband, Father]),
        new(210, "wife's mother", [Wife, Mother]),
        new(211, "brother's daughter", [Brother + 1, Daughter + 1]),
        new(212, "sister's son", [Sister + 1, Son + 1]),
        new(213, "second son's daughter", [Son + 2, Daughter + 1]),
        new(301, "father's paternal grandfather", [Father, Father, Father]),
        new(302, "mother's paternal grandmother", [Mother, Father, Mother]),
        new(303, "paternal great-uncle", [Father, Father, Brother + 1]),
        new(304, "maternal great-uncle", [Mother, Mother, Brother + 1]),
        new(305, "father's sister's son", [Father, Sister + 1, Son + 1]),
        new(306, "mother's brother's daughter", [Mother, Brother + 1, Daughter + 1]),
        new(307, "husband's sister's son", [Husband, Sister + 1, Son + 1]),
        new(308, "younger brother's wife's daughter", [Brother + 2, Wife, Daughter + 1]),
        new(401, "paternal great-uncle's daughter", [Father, Father, Brother + 1, Daughter + 1]),
        new(402, "maternal great-uncle's daughter", [Mother, Mother, Brother + 1, Daughter + 1]),
        new(403, "paternal great-aunt's son", [Father, Father, Sister + 1, Son + 1]),
        new(404, "mother's brother's wife's daughter", [Mother, Brother + 1, Wife, Daughter + 1]),
        new(501, "maternal great-uncle's daughter's son", [Mother, Mother, Brother + 1, Daughter + 1, Son + 1]),
        new(502, "paternal great-aunt's son's daughter", [Father, Father, Sister + 1, Son + 1, Daughter + 1]),
        new(503, "father's mother's brother's daughter's son", [Father, Mother, Brother + 1, Daughter + 1, Son + 1]),
        new(504, "mother's father's sister's daughter's son", [Mother, Father, Sister + 1, Daughter + 1, Son + 1]),
    ];

    /// <summary>The family with random labels for its people: a network cannot have learned them.</summary>
    /// <param name="seed">What the labels are derived from.</param>
    public static NamedGraph Create(int seed = 0)
    {
        int[] labels = SeededRandom.ForRow(seed, 0).Distinct(People.Length, LabelledGraph.Labels);
        Dictionary<string, int> labelOf = People.Zip(labels).ToDictionary(pair => pair.First.Name, pair => pair.Second);
        var triples = new List<GraphTriple>();
        foreach (Person person in People)
        {
            if (person.Father is string father && person.Mother is string mother)
            {
                Add(person, Father, father);
                Add(person, Mother, mother);
            }
            foreach (Person spouse in People.Where(other => AreMarried(person, other)))
                Add(person, spouse.Male ? Husband : Wife, spouse.Name);
            Number(person, Son, Daughter, People.Where(child => child.Has(person)));
            Number(person, Brother, Sister, People.Where(other => AreSiblings(person, other)));
        }
        return new NamedGraph(new LabelledGraph(triples), labelOf.ToDictionary(pair => pair.Value, pair => pair.Key), EdgeNames);

        void Add(Person person, int edge, string other) => triples.Add(new GraphTriple(labelOf[person.Name], edge, labelOf[other]));

        void Number(Person person, int male, int female, IEnumerable<Person> others)
        {
            foreach (Person other in others)
                Add(person, other.Male ? ++male : ++female, other.Name);
        }
    }

    /// <summary>Everything that can be asked: every person with every relation they have somebody in.</summary>
    /// <param name="family">The family, or another graph with its edges.</param>
    public static IEnumerable<(int Person, GraphRelation Relation, int Answer)> Questions(NamedGraph family)
    {
        ArgumentNullException.ThrowIfNull(family);
        foreach (int person in family.Graph.Nodes)
        {
            foreach (GraphRelation relation in Relations)
            {
                if (family.Graph.Walk(person, relation.Edges) is IReadOnlyList<GraphTriple> path)
                    yield return (person, relation, path[^1].Destination);
            }
        }
    }

    /// <summary>Married in, or parents of a child together.</summary>
    private static bool AreMarried(Person one, Person other) => one.Spouse == other.Name || other.Spouse == one.Name
        || People.Any(child => child.Has(one) && child.Has(other) && one != other);

    private static bool AreSiblings(Person one, Person other) => one != other && one.Father is not null && one.Father == other.Father;

    private sealed record Person(string Name, bool Male, string? Father = null, string? Mother = null, string? Spouse = null)
    {
        public bool Has(Person parent) => Father == parent.Name || Mother == parent.Name;
    }
}
