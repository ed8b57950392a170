using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.NTM.Data;

namespace Microsoft.ML.NTM.Tests.Data;

[TestClass]
public sealed class FormatResolverTests
{
    private static readonly Row[] s_rows =
        [new() { Features = [1, 2, 3, 4, 5, 6], Label = [1, 2, 3, 4], Flags = [true, false], Classes = [1, 3] }];

    [TestMethod]
    public void SizesComeFromTheTypesWhereTheyTell()
    {
        SequenceFormat format =
            FormatResolver.Resolve(Row.View(s_rows, ("Features", Row.Steps(3)), ("Label", Row.Steps(2))), new SequenceColumns());

        Assert.AreEqual(3, format.Spec.FeatureSize);
        Assert.AreEqual(3, format.InputSize);
        Assert.AreEqual(2, format.OutputSize);
        Assert.AreEqual(2, format.TargetSize);
        Assert.AreEqual(SequenceLoss.SquaredError, format.Spec.Loss);
        Assert.IsFalse(format.Spec.OneLabelPerSequence);
    }

    [TestMethod]
    public void SizesComeFromTheOptionsWhereTheTypesDoNotTell()
    {
        var columns = new SequenceColumns { InputSize = 2, OutputSize = 4, Alignment = SequenceAlignment.AfterInput };
        SequenceFormat format = FormatResolver.Resolve(Row.View(s_rows), columns);

        Assert.AreEqual(2, format.Spec.FeatureSize);
        Assert.AreEqual(3, format.InputSize, "with the delimiter channel");
        Assert.AreEqual(4, format.OutputSize);
    }

    [TestMethod]
    public void OutputSizeComesFromTheFirstRowWhereNothingElseTells()
    {
        Assert.AreEqual(2, FormatResolver.Resolve(Row.View(s_rows, ("Features", Row.Steps(3))), new SequenceColumns()).OutputSize);
        var flags = new SequenceColumns { LabelColumnName = "Flags", InputSize = 6 };
        Assert.AreEqual(2, FormatResolver.Resolve(Row.View(s_rows), flags).OutputSize);
    }

    [TestMethod]
    public void ThreeDimensionsAreStepsOfTheLastTwo()
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, 0, 3, 2);
        Assert.AreEqual(6, FormatResolver.Resolve(Row.View(s_rows, ("Features", type)),
            new SequenceColumns { OutputSize = 4 }).Spec.FeatureSize);
    }

    [TestMethod]
    public void VectorsOfFixedSizeAreAccepted()
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, 6);
        SequenceFormat format =
            FormatResolver.Resolve(Row.View(s_rows, ("Features", type)), new SequenceColumns { InputSize = 3, OutputSize = 2 });
        Assert.AreEqual(3, format.InputSize);
    }

    [TestMethod]
    public void LossFollowsTheLabel()
    {
        Assert.AreEqual(SequenceLoss.BinaryCrossEntropy, Resolve("Flags").Spec.Loss);
        Assert.AreEqual(SequenceLoss.BinaryCrossEntropy, Resolve("Flag").Spec.Loss);
        Assert.AreEqual(SequenceLoss.CrossEntropy, Resolve("Classes").Spec.Loss);
        Assert.AreEqual(SequenceLoss.CrossEntropy, Resolve("Class").Spec.Loss);
        Assert.AreEqual(SequenceLoss.SquaredError, Resolve("Number").Spec.Loss);
        Assert.AreEqual(SequenceLoss.BinaryCrossEntropy, Resolve("Number", SequenceLoss.BinaryCrossEntropy).Spec.Loss);
    }

    [TestMethod]
    public void ScalarLabelsAreSingleAnswers()
    {
        foreach ((string label, int outputs) in new[] { ("Number", 1), ("Flag", 1), ("Class", 3) })
        {
            SequenceFormat format = Resolve(label);
            Assert.IsTrue(format.Spec.OneLabelPerSequence, label);
            Assert.AreEqual(outputs, format.OutputSize, label);
            Assert.AreEqual(1, format.TargetSize, label);
        }
    }

    [TestMethod]
    public void KeyLabelsGiveOneSoftmaxPerKeyOfAStep()
    {
        SequenceFormat one = Resolve("Classes");
        Assert.AreEqual((3, 1, 1), (one.OutputSize, one.Spec.SoftmaxGroups, one.TargetSize));

        var pairs = new VectorDataViewType(new KeyDataViewType(typeof(uint), 3), 0, 2);
        SequenceFormat two = FormatResolver.Resolve(Row.View(s_rows, ("Classes", pairs)),
            new SequenceColumns { LabelColumnName = "Classes" });
        Assert.AreEqual((6, 2, 2), (two.OutputSize, two.Spec.SoftmaxGroups, two.TargetSize));

        SequenceFormat option =
            FormatResolver.Resolve(Row.View(s_rows), new SequenceColumns { LabelColumnName = "Classes", OutputSize = 9 });
        Assert.AreEqual((9, 3, 3), (option.OutputSize, option.Spec.SoftmaxGroups, option.TargetSize));
    }

    [TestMethod]
    public void FeatureColumnsStandSideBySide()
    {
        var columns = new SequenceColumns { FeatureColumnNames = ["Features", "Tokens", "More"], LabelColumnName = "Flag" };
        SequenceFormat format = FormatResolver.Resolve(Row.View(s_rows, ("Features", Row.Steps(3))), columns);
        CollectionAssert.AreEqual(new[] { 3, 4, 1 }, format.Features.Select(feature => feature.Width).ToArray());
        Assert.AreEqual(8, format.Spec.FeatureSize);

        // InputSize counts all columns; what the types leave open is the one column's that does not tell.
        format = FormatResolver.Resolve(Row.View(s_rows, ("Features", Row.Steps(3))), columns with { InputSize = 9 });
        CollectionAssert.AreEqual(new[] { 3, 4, 2 }, format.Features.Select(feature => feature.Width).ToArray());
    }

    [TestMethod]
    public void FormatSurvivesJson()
    {
        var columns = new SequenceColumns
        {
            FeatureColumnNames = ["Features", "Tokens"],
            LabelColumnName = "Class",
            ExampleWeightColumnName = "Weight",
        };
        SequenceFormat format = FormatResolver.Resolve(Row.View(s_rows), columns);
        SequenceFormat back = JsonSerializer.Deserialize<SequenceFormat>(JsonSerializer.Serialize(format))!;

        Assert.AreEqual(format.Spec, back.Spec);
        Assert.AreEqual(format.Label, back.Label);
        CollectionAssert.AreEqual(format.Features.ToArray(), back.Features.ToArray());
        Assert.AreEqual((format.OutputSize, format.InputSize, "Weight"), (back.OutputSize, back.InputSize, back.ExampleWeightColumnName));
    }

    [TestMethod]
    public void MissingColumnsAreNamed()
    {
        Refuses(new SequenceColumns { FeatureColumnNames = ["Nothing"] }, "feature column 'Nothing' among '", "'Label'");
        Refuses(new SequenceColumns { LabelColumnName = "Nothing" }, "label column 'Nothing'");
        Refuses(new SequenceColumns { LabelColumnName = "Flag", ExampleWeightColumnName = "Nothing" }, "example weight column 'Nothing'");
        Refuses(new SequenceColumns { OutputSize = 1, Alignment = SequenceAlignment.AfterInput, OutputLengthColumnName = "Nothing" },
            "output length column 'Nothing'");
    }

    [TestMethod]
    public void ColumnsOfTheWrongTypeAreNamedWithWhatWasExpected()
    {
        Refuses(new SequenceColumns { FeatureColumnNames = ["Text"] }, "feature column 'Text'", "expected a vector of Single or of keys",
            "got String");
        Refuses(new SequenceColumns { FeatureColumnNames = ["Number"] }, "feature column 'Number'", "a vector", "got Single");
        Refuses(new SequenceColumns { FeatureColumnNames = ["Flags"] }, "feature column 'Flags'", "got Vector<Boolean");
        Refuses(new SequenceColumns { LabelColumnName = "Text" }, "label column 'Text'", "Single, Boolean or keys", "got String");
        Refuses(new SequenceColumns { LabelColumnName = "Flag", ExampleWeightColumnName = "Flag" }, "example weight column 'Flag'",
            "expected Single");
        Refuses(new SequenceColumns { OutputSize = 1, Alignment = SequenceAlignment.AfterInput, OutputLengthColumnName = "Text" },
            "output length column 'Text'", "Int32", "got String");
    }

    [TestMethod]
    public void LossesThatTheLabelCannotHaveAreRefused()
    {
        Refuses(new SequenceColumns { Loss = SequenceLoss.CrossEntropy }, "label column 'Label'", "expected keys", "Loss = CrossEntropy",
            "got Single");
        Refuses(new SequenceColumns { LabelColumnName = "Flag", Loss = SequenceLoss.SquaredError }, "expected Single", "got Boolean");
        Refuses(new SequenceColumns { LabelColumnName = "Class", Loss = SequenceLoss.BinaryCrossEntropy }, "expected Boolean", "got Key");
    }

    [TestMethod]
    public void OptionsThatContradictTheTypesAreRefused()
    {
        (string, DataViewType)[] types = [("Features", Row.Steps(3)), ("Label", Row.Steps(2))];
        Row.Fails<ArgumentOutOfRangeException>(() => FormatResolver.Resolve(Row.View(s_rows, types), new SequenceColumns { InputSize = 4 }),
            "'Features'", "expected 4 inputs per step (InputSize)", "got 3");
        Row.Fails<ArgumentOutOfRangeException>(() =>
            FormatResolver.Resolve(Row.View(s_rows, types), new SequenceColumns { OutputSize = 4 }),
            "'Label'", "expected 4 outputs per step (OutputSize)", "which has 2");
        Refuses(new SequenceColumns { LabelColumnName = "Class", OutputSize = 4 }, "'Class'", "expected 4 outputs", "which has 3");
        Refuses(new SequenceColumns { LabelColumnName = "Classes", OutputSize = 4 }, "'Classes'", "expected 4 outputs", "a multiple of 3");
        var fixedSize = new VectorDataViewType(NumberDataViewType.Single, 6);
        Row.Fails<ArgumentOutOfRangeException>(
            () => FormatResolver.Resolve(Row.View(s_rows, ("Features", fixedSize)), new SequenceColumns { InputSize = 4, OutputSize = 1 }),
            "'Features'", "a multiple of 4 values", "got Vector<Single, 6>");
    }

    [TestMethod]
    public void StepsTooWideForAnyNetworkAreRefused()
    {
        var many = new VectorDataViewType(new KeyDataViewType(typeof(uint), 1UL << 30));
        var wide = new VectorDataViewType(new KeyDataViewType(typeof(uint), 1 << 20), 0, 100);
        foreach ((DataViewType type, string expected) in new (DataViewType,
            string)[] { (many, "at most 16777216 keys"), (wide, "one per key") })
        {
            Row.Fails<ArgumentOutOfRangeException>(
                () => FormatResolver.Resolve(Row.View(s_rows, ("Tokens", type)), new SequenceColumns { FeatureColumnNames = ["Tokens"] }),
                "feature column 'Tokens'", expected, "got Vector<Key");
            Row.Fails<ArgumentOutOfRangeException>(
                () => FormatResolver.Resolve(Row.View(s_rows, ("Classes", type)), new SequenceColumns { LabelColumnName = "Classes" }),
                "label column 'Classes'", expected, "got Vector<Key");
        }
    }

    [TestMethod]
    public void AfterInputNeedsToKnowTheOutputs() => Refuses(new SequenceColumns { Alignment = SequenceAlignment.AfterInput },
        "label column 'Label'", "OutputSize", "AfterInput", "got Vector<Single");

    [TestMethod]
    public void FirstRowThatCannotTellIsRefused()
    {
        Row.Fails<InvalidOperationException>(() => FormatResolver.Resolve(Row.View([]), new SequenceColumns()), "at least one row",
            "'Features'");
        Row[] odd = [new() { Features = [1, 2, 3], Label = [1, 2, 3, 4] }];
        Row.Fails<InvalidOperationException>(() => FormatResolver.Resolve(Row.View(odd), new SequenceColumns()),
            "'Label'", "row 0", "a multiple of 3 values", "got 4 values");
        Row[] empty = [new() { Label = [1] }];
        Row.Fails<InvalidOperationException>(() => FormatResolver.Resolve(Row.View(empty), new SequenceColumns()), "'Features'", "row 0",
            "empty");
    }

    private static SequenceFormat Resolve(string label, SequenceLoss loss = SequenceLoss.Auto) =>
        FormatResolver.Resolve(Row.View(s_rows, ("Features", Row.Steps(3))), new SequenceColumns { LabelColumnName = label, Loss = loss });

    private static void Refuses(SequenceColumns columns, params string[] parts) =>
        Row.Fails<ArgumentOutOfRangeException>(() => FormatResolver.Resolve(Row.View(s_rows), columns), parts);
}
