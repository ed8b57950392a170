using System.Reflection;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Trainers;

namespace Microsoft.ML.NTM.Tests.Trainers;

/// <summary>Every number among the options has bounds; what is accepted trains, and what was trained can be loaded.</summary>
[TestClass]
public sealed class OptionLimitsTests
{
    private static readonly int[] s_extremes = [int.MinValue, -1, 0, 3, 1024, 1025, 1_000_000, 1 << 20, 1_000_001, (1 << 20) + 1, 1 << 24,
        1 << 28, int.MaxValue];

    // Numbers that only say when something happens: a training of two iterations is over before.
    private static readonly string[] s_affordable =
    [
        "BatchSize", "NumberOfThreads", "OutputLength", "ValidationInterval", "CheckpointInterval", "ReportInterval", "Seed",
    ];

    // Sizes that the data gives, and what needs more rows than there are.
    private static readonly string[] s_ofTheData = ["InputSize", "OutputSize", "EmbeddingSize", "EarlyStoppingPatience"];

    public static IEnumerable<object[]> Numbers() =>
        from options in new[] { typeof(NtmTrainer.Options), typeof(DncTrainer.Options), typeof(LstmTrainer.Options) }
        from property in options.GetProperties()
        where (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(int)
        select new object[] { options, property.Name };

    [TestMethod]
    [DynamicData(nameof(Numbers))]
    public void AnyNumberIsRefusedWithItsNameOrTrainsAndLoads(Type options, string name)
    {
        PropertyInfo property = options.GetProperty(name)!;
        bool isAffordable = s_affordable.Contains(name);
        foreach (int value in s_extremes)
        {
            SequenceTrainerOptions small = Small(options);
            property.SetValue(small, value);
            try
            {
                OptionFaults.ThrowIfAny(small);
            }
            catch (ArgumentException fault)
            {
                Assert.IsLessThan(1_000, fault.Message.Length);
                Assert.IsTrue(value <= 0 || value > 3, $"{name} = {value}: {fault.Message}");
                continue;
            }
            if (isAffordable || value == 3 && !s_ofTheData.Contains(name))
                TrainAndReload(small);
        }
    }

    [TestMethod]
    [DataRow("BatchSize")]
    [DataRow("NumberOfThreads")]
    [DataRow("OutputLength")]
    [DataRow("EmbeddingSize")]
    [DataRow("MemorySlots")]
    [DataRow("MemoryWidth")]
    [DataRow("ControllerSize")]
    [DataRow("ControllerLayers")]
    [DataRow("NumberOfReadHeads")]
    [DataRow("NumberOfWriteHeads")]
    [DataRow("ShiftRange")]
    [DataRow("InputSize")]
    [DataRow("OutputSize")]
    public void ASizeHasAnUpperBound(string name)
    {
        SequenceTrainerOptions small = Small(typeof(NtmTrainer.Options));
        typeof(NtmTrainer.Options).GetProperty(name)!.SetValue(small, int.MaxValue);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => OptionFaults.ThrowIfAny(small)).Message, $"{name}");
    }

    [TestMethod]
    public void CheckpointsHoldNoMoreReportsThanAFileCan()
    {
        var options = new LstmTrainer.Options { NumberOfIterations = 2_000_000_000, ReportInterval = 10, CheckpointFolder = "somewhere" };
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => OptionFaults.ThrowIfAny(options)).Message,
            "ReportInterval must be at least 20001");
        options.CheckpointFolder = null;
        OptionFaults.ThrowIfAny(options);
    }

    [TestMethod]
    public void ManyFaultsAreOneMessageThatCanBeRead()
    {
        var options = new NtmTrainer.Options
        {
            FeatureColumnNames = [.. Enumerable.Range(0, 10_000).Select(i => new string('x', 200)), ""],
            LabelColumnName = "",
            BatchSize = 0,
            NumberOfThreads = -1,
            OutputLength = -1,
            EmbeddingSize = -1,
            NumberOfIterations = -1,
            LearningRate = double.NaN,
            ReportInterval = 0,
            ControllerSize = 0,
            ControllerLayers = 0,
            MemorySlots = 0,
            MemoryWidth = 0,
            NumberOfReadHeads = 0,
            NumberOfWriteHeads = 0,
            ShiftRange = -1,
        };
        string message = Assert.ThrowsExactly<ArgumentException>(() => OptionFaults.ThrowIfAny(options)).Message;
        Assert.IsLessThan(1_000, message.Length);
        StringAssert.Contains(message, "more.");
    }

    private static void TrainAndReload(SequenceTrainerOptions options)
    {
        var ml = new MLContext(1);
        IDataView data = SampleData.Create(ml, "numbers", "vector of Single");
        using SequenceTransformer model = options switch
        {
            NtmTrainer.Options ntm => ml.Sequence.Trainers.Ntm(ntm).Fit(data),
            DncTrainer.Options dnc => ml.Sequence.Trainers.Dnc(dnc).Fit(data),
            LstmTrainer.Options lstm => ml.Sequence.Trainers.Lstm(lstm).Fit(data),
            _ => throw new ArgumentOutOfRangeException(nameof(options)),
        };
        CollectionAssert.AreEqual(model.Model.Parameters.Values,
            EstimatorConformance.Reload(ml, model, data.Schema) is SequenceTransformer loaded ? loaded.Model.Parameters.Values : null);
    }

    private static SequenceTrainerOptions Small(Type type)
    {
        var options = (SequenceTrainerOptions)Activator.CreateInstance(type)!;
        options.Alignment = SequenceAlignment.AfterInput;
        options.NumberOfIterations = 2;
        options.OutputSize = 1;
        options.MaximumInputSteps = 5;
        ((ControllerTrainerOptions)options).ControllerSize = 3;
        if (options is MemoryTrainerOptions memory)
            (memory.MemorySlots, memory.MemoryWidth) = (8, 2);
        return options;
    }
}
