using System.Reflection;
using System.Text.Json;
using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.NTM.Tests.Trainers;

/// <summary>AutoML reads the options' search attributes and sets their members through System.Text.Json; these are its rules.</summary>
[TestClass]
public sealed class OptionsTests
{
    private static readonly Type[] Sweepable = [typeof(int), typeof(long), typeof(float), typeof(double), typeof(bool), typeof(string)];

    public static IEnumerable<object[]> AllOptions() =>
        [[typeof(NtmTrainer.Options)], [typeof(DncTrainer.Options)], [typeof(LstmTrainer.Options)]];

    [TestMethod]
    [DynamicData(nameof(AllOptions))]
    public void SweptMembersStartAtTheirDocumentedDefaults(Type options)
    {
        object defaults = Activator.CreateInstance(options)!;
        int swept = 0;
        foreach ((PropertyInfo property, Attribute attribute) in Swept(options))
        {
            object? init = attribute switch
            {
                RangeAttribute range => range.Init,
                ChoiceAttribute choice => choice.DefaultValue,
                _ => ((BooleanChoiceAttribute)attribute).DefaultValue,
            };
            Assert.IsNotNull(init, property.Name);
            Assert.AreEqual(property.GetValue(defaults), Convert.ChangeType(init, property.PropertyType), property.Name);
            swept++;
        }
        Assert.IsGreaterThan(4, swept);
    }

    [TestMethod]
    [DynamicData(nameof(AllOptions))]
    public void SweptMembersAreOfTypesThatAutoMLCanSetAndLogRangesStartAboveZero(Type options)
    {
        foreach ((PropertyInfo property, Attribute attribute) in Swept(options))
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            Assert.IsTrue(type.IsEnum || Sweepable.Contains(type), property.Name);
            Assert.IsTrue(property.SetMethod is { IsPublic: true }, property.Name);
            if (attribute is RangeAttribute range)
            {
                Assert.IsLessThan(Convert.ToDouble(range.Max), Convert.ToDouble(range.Init), property.Name);
                Assert.IsTrue(!range.LogBase || Convert.ToDouble(range.Min) > 0, property.Name);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(AllOptions))]
    public void EverySweptValueSurvivesJson(Type options)
    {
        foreach ((PropertyInfo property, Attribute attribute) in Swept(options))
        {
            IEnumerable<object> values = attribute switch
            {
                RangeAttribute range => [range.Min, range.Init],
                ChoiceAttribute choice => choice.Candidates,
                _ => [true, false],
            };
            foreach (object value in values)
            {
                object source = Activator.CreateInstance(options)!;
                property.SetValue(source, Convert.ChangeType(value, property.PropertyType));
                object copy = JsonSerializer.Deserialize(JsonSerializer.Serialize(source, options), options)!;
                Assert.AreEqual(property.GetValue(source), property.GetValue(copy), property.Name);
            }
        }
    }

    [TestMethod]
    public void AllFaultsAreReportedTogetherBeforeDataIsRead()
    {
        var ml = new MLContext();
        ArgumentException fault = Assert.Throws<ArgumentException>(() => ml.Sequence.Trainers.Ntm(new NtmTrainer.Options
        {
            FeatureColumnName = "",
            BatchSize = 0,
            LearningRate = double.NaN,
            MemorySlots = 2,
            ShiftRange = 1,
            Backend = (SequenceBackend)7,
        }));

        foreach (string expected in new[] { "FeatureColumnName", "BatchSize", "LearningRate", "MemorySlots", "SequenceBackend" })
            StringAssert.Contains(fault.Message, expected);
    }

    private static IEnumerable<(PropertyInfo Property, Attribute Attribute)> Swept(Type options) =>
        from property in options.GetProperties()
        from attribute in property.GetCustomAttributes()
        where attribute is RangeAttribute or ChoiceAttribute or BooleanChoiceAttribute
        select (property, attribute);
}
