using Microsoft.ML.Data;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Tests.Conformance;

namespace Microsoft.ML.NTM.Tests.Trainers;

/// <summary>An LSTM that reads both ways, from its options to its model file.</summary>
[TestClass]
public sealed class BidirectionalTests
{
    private const int Steps = 6;

    private readonly MLContext _ml = new(seed: 1);

    // The sign of the last step, told at the first one: nothing that reads forward alone can know it there.
    [TestMethod]
    [DataRow(SequenceBackend.Managed)]
    [DataRow(SequenceBackend.Torch)]
    public void StepsAreAnsweredByWhatComesAfterThem(SequenceBackend backend)
    {
        IDataView data = Data(row => [.. Enumerable.Range(0, Steps).Select(_ => row[^1] > 0 ? 1f : -1f)]);
        double forward = Loss(Options(backend, false), data), both = Loss(Options(backend, true), data);
        Assert.IsLessThan(0.5 * forward, both);
    }

    [TestMethod]
    [DataRow(SequenceAlignment.EveryStep)]
    [DataRow(SequenceAlignment.AfterInput)]
    public void ModelsKeepTheirPromisesAndTheirScores(SequenceAlignment alignment)
    {
        LstmTrainer.Options options = Options(SequenceBackend.Managed, true);
        (options.Alignment, options.NumberOfIterations) = (alignment, 3);
        options.OutputLength = alignment == SequenceAlignment.AfterInput ? Steps : null;
        IDataView data = Data(row => row);
        EstimatorConformance.Check(_ml, _ml.Sequence.Trainers.Lstm(options), data,
            _ml.Transforms.DropColumns("Features").Fit(data).Transform(data));
    }

    [TestMethod]
    public void OneAnswerPerSequenceKnowsItsBeginningAndItsEnd()
    {
        var rows = Enumerable.Range(0, 300).Select(seed => new Random(seed)).Select(random =>
        {
            float[] row = [.. Enumerable.Range(0, random.Next(2, 9)).Select(_ => random.NextSingle() * 2 - 1)];
            return new Summed { Features = row, Label = row[0] - row[^1] };
        }).ToArray();
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        SequenceTransformer model = _ml.Sequence.Trainers.Lstm(Options(SequenceBackend.Managed, true)).Fit(data);
        Assert.IsGreaterThan(0.8, _ml.Sequence.Evaluate(model.Transform(data)).RSquared);
    }

    [TestMethod]
    public void WeightsGoToSafetensorsAndBackUnderPyTorchsNames()
    {
        var network = new NetworkSpec { Kind = NetworkKind.Lstm, InputSize = 2, ControllerSize = 3, ControllerLayers = 2 };
        network = network with { Bidirectional = true };
        ParameterSet parameters = ParameterInitializer.Create(network, 1);
        string[] names = [.. parameters.Layout.Slices.Select(slice => slice.Name)];
        CollectionAssert.IsSubsetOf(new[] { "controller.1.weight_ih_reverse", "controller.0.weight_hh_reverse", "controller.0.bias_reverse",
            "initial.hidden_reverse.1", "initial.cell_reverse.0" }, names);
        Assert.AreEqual(parameters.Layout.Length, NetworkSpecFaults.CountParameters(network));
        CollectionAssert.AreEqual(new[] { 12, 6 }, parameters.Layout["controller.1.weight_ih_reverse"].Shape.ToArray());
        // The forget gates of both directions start open.
        Assert.AreEqual(1f, parameters["controller.0.bias_reverse"][3]);

        LstmTrainer.Options options = Options(SequenceBackend.Managed, true);
        options.NumberOfIterations = 2;
        IDataView data = Data(row => row);
        SequenceTransformer model = _ml.Sequence.Trainers.Lstm(options).Fit(data);
        string path = Path.GetTempFileName();
        model.ExportSafetensors(path);
        SequenceTransformer loaded = _ml.Sequence.LoadSafetensors(path);
        File.Delete(path);
        Assert.AreEqual(model.Model.Network, loaded.Model.Network);
        CollectionAssert.AreEqual(First(model), First(loaded));

        float[] First(SequenceTransformer of) => of.Transform(data).GetColumn<float[]>("Score").First();
    }

    [TestMethod]
    public void WhatNeedsStepsSaysSoAtOnce()
    {
        LstmTrainer.Options options = Options(SequenceBackend.Managed, true);
        options.NumberOfIterations = 2;
        IDataView data = Data(row => row);
        SequenceTransformer model = _ml.Sequence.Trainers.Lstm(options).Fit(data);

        foreach (Action refused in new Action[]
        {
            () => _ml.Sequence.CreateStepEngine<Sequence, Answer>(model), () => _ml.Sequence.Trace(model, data),
            () => _ml.Sequence.ExportStepOnnx(model, Stream.Null),
        })
            StringAssert.Contains(Assert.Throws<NotSupportedException>(refused).Message, "reads sequences in both directions");
        options.TruncationSteps = 3;
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Sequence.Trainers.Lstm(options)).Message,
            "TruncationSteps must be null where Bidirectional is true");
    }

    [TestMethod]
    public void ACheckpointOfTheOtherKindIsNotResumed()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        IDataView data = Data(row => row);
        foreach (bool both in new[] { true, false })
        {
            LstmTrainer.Options options = Options(SequenceBackend.Managed, both);
            (options.CheckpointFolder, options.NumberOfIterations) = (folder, 2);
            Assert.AreEqual(both, _ml.Sequence.Trainers.Lstm(options).Fit(data).Model.Network.Bidirectional);
        }
        Assert.HasCount(2, Directory.GetDirectories(folder));
        Directory.Delete(folder, recursive: true);
    }

    private double Loss(LstmTrainer.Options options, IDataView data) =>
        _ml.Sequence.Evaluate(_ml.Sequence.Trainers.Lstm(options).Fit(data).Transform(data)).RootMeanSquaredError;

    private static LstmTrainer.Options Options(SequenceBackend backend, bool both) => new()
    {
        Bidirectional = both,
        ControllerSize = 12,
        InputSize = 1,
        Backend = backend,
        Optimizer = OptimizerKind.Adam,
        LearningRate = 0.02,
        NumberOfIterations = backend == SequenceBackend.Torch ? 80 : 300,
        ValidationSetFraction = 0,
        Seed = 1,
    };

    private IDataView Data(Func<float[], float[]> label)
    {
        var random = new Random(1);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(_ =>
        {
            float[] row = [.. Enumerable.Range(0, Steps).Select(_ => random.NextSingle() * 2 - 1)];
            return new Sequence { Features = row, Label = label(row) };
        }).ToArray());
    }

    private sealed class Sequence
    {
        [VectorType(0, 1)]
        public float[] Features { get; set; } = [];

        [VectorType(0, 1)]
        public float[] Label { get; set; } = [];
    }

    private sealed class Summed
    {
        public float[] Features { get; set; } = [];
        public float Label { get; set; }
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
