using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

[TestClass]
public sealed class FollowingLabelTests
{
    [TestMethod]
    public void TheMarkStandsBesideWhatTheColumnSaysAlready()
    {
        var names = new DataViewSchema.Annotations.Builder();
        names.AddPrimitiveValue("Unit", TextDataViewType.Instance, "ppm".AsMemory());
        DataViewSchema.Column label = Column(FollowingLabel.Mark(names.ToAnnotations()));

        Assert.IsTrue(FollowingLabel.Marks(label));
        bool mark = false;
        label.Annotations.GetValue(FollowingLabel.Kind, ref mark);
        Assert.IsTrue(mark);
        ReadOnlyMemory<char> unit = default;
        label.Annotations.GetValue("Unit", ref unit);
        Assert.AreEqual("ppm", unit.ToString());
    }

    [TestMethod]
    public void AColumnWithoutTheMarkDoesNotFollow()
    {
        Assert.IsTrue(FollowingLabel.Marks(Column(FollowingLabel.Mark(null))));
        Assert.IsFalse(FollowingLabel.Marks(Column(null)));
    }

    private static DataViewSchema.Column Column(DataViewSchema.Annotations? annotations)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Label", NumberDataViewType.Single, annotations);
        return schema.ToSchema()[0];
    }
}
