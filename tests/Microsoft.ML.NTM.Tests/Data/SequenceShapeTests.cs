using System.Reflection;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

[TestClass]
public sealed class SequenceShapeTests
{
    [TestMethod]
    public void LabelKindFollowsFromTheShape()
    {
        Assert.AreEqual((LabelKind.Number, true), Check(new()));
        Assert.AreEqual((LabelKind.Boolean, true), Check(new() { LabelColumnName = "Flags" }));
        Assert.AreEqual((LabelKind.Key, true), Check(new() { LabelColumnName = "Classes", FeatureColumnNames = ["Features", "Tokens"] }));
        Assert.AreEqual((LabelKind.Number, false), Check(new() { LabelColumnName = "Number", ExampleWeightColumnName = "Weight" }));
        Assert.AreEqual((LabelKind.Boolean, false), Check(new() { LabelColumnName = "Flag" }));
        Assert.AreEqual((LabelKind.Key, false), Check(new() { LabelColumnName = "Class" }));
    }

    [TestMethod]
    public void ColumnsThatCanNeverServeAreRefused()
    {
        Refuses(new() { FeatureColumnNames = ["Nothing"] }, "feature column 'Nothing'");
        Refuses(new() { FeatureColumnNames = ["Features", "Text"] }, "feature column 'Text'", "a vector of Single or of keys",
            "got String");
        Refuses(new() { FeatureColumnNames = ["Flags"] }, "feature column 'Flags'", "got Vector<Boolean, *>");
        Refuses(new() { FeatureColumnNames = ["Number"] }, "feature column 'Number'", "got Single");
        Refuses(new() { LabelColumnName = "Nothing" }, "label column 'Nothing'");
        Refuses(new() { LabelColumnName = "Answers" }, "label column 'Answers'", "Single, Boolean or keys", "got Int32");
        Refuses(new() { Loss = SequenceLoss.CrossEntropy }, "label column 'Label'", "expected keys", "Loss = CrossEntropy");
        Refuses(new() { LabelColumnName = "Number", ExampleWeightColumnName = "Label" }, "example weight column 'Label'", "expected Single",
            "got Vector<Single, *>");
        Refuses(new() { Alignment = SequenceAlignment.AfterInput, OutputLengthColumnName = "Class" }, "output length column 'Class'",
            "Int32", "got Key<UInt32>");
    }

    private static (LabelKind, bool) Check(SequenceColumns columns)
    {
        MethodInfo create = typeof(SchemaShape).GetMethod("Create", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        return SequenceShape.Check((SchemaShape)create.Invoke(null, [Row.View([new Row()]).Schema])!, columns);
    }

    private static void Refuses(SequenceColumns columns, params string[] parts) =>
        Row.Fails<ArgumentOutOfRangeException>(() => Check(columns), parts);
}
