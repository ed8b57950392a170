namespace Microsoft.ML.NTM.Tests.Tasks.Graphs;

[TestClass]
public sealed class FamilyTreeTests
{
    [TestMethod]
    public void SomebodyStandsInEveryRelation()
    {
        NamedGraph family = FamilyTree.Create(seed: 1);
        var held = FamilyTree.Questions(family).Select(question => question.Relation).ToHashSet();
        foreach (GraphRelation relation in FamilyTree.Relations)
            Assert.IsTrue(held.Contains(relation), relation.Name);
    }

    [TestMethod]
    [DataRow("Toby", "maternal grandmother", "Beatrice")]
    [DataRow("Ruth", "paternal aunt", "Rosalind")]
    [DataRow("Ruth", "father's paternal grandfather", "Edgar")]
    [DataRow("Toby", "mother's brother's daughter", "Daphne")]
    [DataRow("Ruth", "paternal great-aunt's son's daughter", "Daphne")]
    [DataRow("Ivy", "mother's father's sister's daughter's son", "Toby")]
    public void RelationsLeadToTheRightPerson(string person, string relationName, string expected)
    {
        NamedGraph family = FamilyTree.Create();
        GraphRelation relation = FamilyTree.Relations.Single(relation => relation.Name == relationName);
        IReadOnlyList<GraphTriple>? path = family.Graph.Walk(family.NodeLabel(person), relation.Edges);
        Assert.IsNotNull(path);
        Assert.AreEqual(expected, family.NodeName(path[^1].Destination));
    }

    [TestMethod]
    public void ANetworkTrainedOnTheRelationsHasMetEveryEdgeOfTheFamily()
    {
        int[] known = [.. FamilyTree.Relations.SelectMany(relation => relation.Edges).Distinct().Order()];
        int[] used = [.. FamilyTree.Create().Graph.Triples.Select(triple => triple.Edge).Distinct().Order()];
        CollectionAssert.AreEqual(known, used);
    }

    [TestMethod]
    public void PeopleGetNewLabelsAndEdgesKeepTheirs()
    {
        NamedGraph one = FamilyTree.Create(1), two = FamilyTree.Create(2);
        Assert.AreNotEqual(one.NodeLabel("Ivy"), two.NodeLabel("Ivy"));
        Assert.AreEqual(one.EdgeLabel("mother"), two.EdgeLabel("mother"));
        Assert.AreEqual(one.Graph.Triples.Count, two.Graph.Triples.Count);
    }

    [TestMethod]
    public void FamilyTiesAreMutual()
    {
        NamedGraph family = FamilyTree.Create();
        foreach (GraphTriple triple in family.Graph.Triples)
        {
            string back = family.EdgeName(family.Graph.Outgoing(triple.Destination).Single(edge => edge.Destination == triple.Source).Edge);
            string tie = family.EdgeName(triple.Edge);
            string expected = tie.Split(' ')[0] switch
            {
                "father" or "mother" => "son daughter",
                "son" or "daughter" => "father mother",
                "husband" => "wife",
                "wife" => "husband",
                _ => "brother sister",
            };
            Assert.Contains(back.Split(' ')[0], expected, $"{family.Describe(triple)}, but back: {back}");
        }
    }
}
