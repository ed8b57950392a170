using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Docs.Snippets;

/// <summary>docs/guide/migrate.md.</summary>
[TestClass]
public sealed class MigrateTests
{
    private const string Printed = """
        controller.0.weight_ih [16, 9]
        controller.0.weight_hh [16, 4]
        controller.0.bias [16]
        heads.weight [36, 4]
        heads.bias [36]
        output.weight [2, 10]
        output.bias [2]
        initial.reads [1, 6]
        initial.read_weights [1, 5]
        initial.write_weights [1, 5]
        initial.hidden.0 [4]
        initial.cell.0 [4]

        """;

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void TheTaskAndTheOptionsOfPyTorchNtm()
    {
        var task = new CopyTask(minLength: 1, maxLength: 20, bits: 8, seed: 1);
        IDataView train = task.ToDataView(ml, count: 1_000_000);

        var options = new NtmTrainer.Options
        {
            Alignment = SequenceAlignment.AfterInput,
            Loss = SequenceLoss.BinaryCrossEntropy,
            ControllerSize = 100,
            MemorySlots = 128,
            MemoryWidth = 20,
            Optimizer = OptimizerKind.RmsProp,
            LearningRate = 1e-4,
            Momentum = 0.9,
            RmsPropDecay = 0.95,
            RmsPropCentered = false,
            OptimizerEpsilon = 1e-8,
            GradientClipNorm = null,
            GradientClipValue = 10,
            BatchSize = 1,
            NumberOfIterations = 50_000,
        };

        options.NumberOfIterations = 2;
        options.ValidationSetFraction = 0;
        Assert.AreEqual(2, ml.Sequence.Trainers.Ntm(options).Fit(train).Model.History!.Iterations);
    }

    [TestMethod]
    public void ParametersAreListedAndReadByName()
    {
        StringBuilder printed = Console.Listen();

        var network = new NetworkSpec { InputSize = 3, OutputSize = 2, ControllerSize = 4, MemorySlots = 5, MemoryWidth = 6 };
        foreach (ParameterSlice slice in new ParameterLayout(network).Slices)
            Console.WriteLine($"{slice.Name} [{string.Join(", ", slice.Shape)}]");

        Assert.AreEqual(Printed, printed.ToString());
        string path = Path.GetTempFileName();
        IDataView data = ml.Data.LoadFromEnumerable([new Row { Features = [1, 2, 3], Label = [true, false] }]);
        ml.Sequence.Trainers.Ntm(new() { ControllerSize = 4, MemorySlots = 5, MemoryWidth = 6, NumberOfIterations = 1 }).Fit(data)
            .ExportSafetensors(path);

        SequenceTransformer model = ml.Sequence.LoadSafetensors(path, network,
            new SequenceSpec { FeatureSize = 3, Loss = SequenceLoss.BinaryCrossEntropy });

        Assert.HasCount(2, model.Transform(data).GetColumn<float[]>("Score").Single());
        File.Delete(path);
    }

    private sealed class Row
    {
        [VectorType(0, 3)] public float[] Features { get; set; } = [];
        [VectorType(0, 2)] public bool[] Label { get; set; } = [];
    }
}
