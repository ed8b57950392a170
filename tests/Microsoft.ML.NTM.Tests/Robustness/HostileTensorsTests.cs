using System.Text.RegularExpressions;
using Microsoft.ML.NTM.Model.Safetensors;
using Microsoft.ML.NTM.Tests.Model.Safetensors;
using Microsoft.ML.NTM.Tests.Training;
using Microsoft.ML.NTM.Training;
using Microsoft.ML.NTM.Training.Checkpoints;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>Weights and checkpoints that an attacker made: each costs little and is refused with one clear error.</summary>
[TestClass]
public sealed class HostileTensorsTests
{
    private const int Long = 4_000_000;

    private static readonly NetworkSpec s_network = new() { Kind = NetworkKind.Lstm, ControllerSize = 2 };

    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [TestCleanup]
    public void RemoveFolder()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Where a header says X, a text of four million characters stands.</summary>
    [TestMethod]
    [DataRow("""{"X":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"X":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""")]
    [DataRow("""{"X":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]
    [DataRow("""{"X":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""")]
    [DataRow("""{"X":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [DataRow("""{"X":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}""")]
    [DataRow("""{"X":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""")]
    [DataRow("""{"X":{"dtype":"F32","shape":[1]}}""")]
    [DataRow("""{"X":{"dtype":"X","shape":[1],"data_offsets":[0,4]}}""")]
    [DataRow("""{"X":{"X":1}}""")]
    [DataRow("""{"X":1}""")]
    [DataRow("""{"a":X}""")]
    [DataRow("""{"__metadata__":{"X":"1","X":"2"}}""")]
    [DataRow("""{"__metadata__":{"X":1}}""")]
    public void ALongTextInAHeaderIsQuotedInPart(string header)
    {
        foreach (string text in new[] { new string('x', Long), string.Concat(Enumerable.Repeat("\\n", Long / 2)),
            string.Concat(Enumerable.Repeat("\\ud83d\\ude00", Long / 12)) })
        {
            byte[] file = SafetensorsFile.Make(header.Replace("X", text, StringComparison.Ordinal), []);
            Cost.Refusal<InvalidDataException>(file.Length, () =>
                SafetensorsReader.Read(new MemoryStream(file), new ParameterLayout(s_network)));
        }
    }

    [TestMethod]
    public void ManyTensorsOrSizesOrMetadataAreRefusedBeforeTheyAreKept()
    {
        string entries = string.Join(',',
            Enumerable.Range(0, 100_000).Select(i => $"\"{i}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}"));
        string sizes = string.Join(',', Enumerable.Repeat("1", 5_000_000));
        string metadata = string.Join(',', Enumerable.Range(0, 300_000).Select(i => $"\"{i}\":\"\""));
        foreach (string header in new[] { $"{{{entries}}}", $"{{\"a\":{{\"shape\":[{sizes}]}}}}", $"{{\"__metadata__\":{{{metadata}}}}}" })
        {
            byte[] file = SafetensorsFile.Make(header, []);
            InvalidDataException error = Cost.Refusal<InvalidDataException>(file.Length, () =>
                SafetensorsHeader.Read(new MemoryStream(file)));
            StringAssert.Contains(error.Message, "more than");
        }
    }

    [TestMethod]
    public void ManyParametersOfAnotherNetworkAreListedInPart()
    {
        ParameterSet others = new(new NetworkSpec { ControllerLayers = 90, ControllerSize = 1, MemorySlots = 3, MemoryWidth = 1 });
        var file = new MemoryStream();
        SafetensorsWriter.Write(file, others);
        InvalidDataException error = Cost.Refusal<InvalidDataException>(file.Length,
            () => SafetensorsReader.Read(new MemoryStream(file.ToArray()), new ParameterLayout(s_network)));
        StringAssert.Matches(error.Message, new Regex("and \\d+ more"));
    }

    [TestMethod]
    public void PromisedTensorsTakeNoMemoryBeforeTheFileIsKnownToHoldThem()
    {
        var large = new NetworkSpec { Kind = NetworkKind.Lstm, ControllerSize = 8_000 };
        string header = string.Concat(new ParameterLayout(large).Slices.Select(slice =>
        {
            (string shape, long begin, long end) = (string.Join(',', slice.Shape), 4L * slice.Offset, 4L * (slice.Offset + slice.Length));
            return $",\"{slice.Name}\":{{\"dtype\":\"F32\",\"shape\":[{shape}],\"data_offsets\":[{begin},{end}]}}";
        }));
        byte[] file = SafetensorsFile.Make($"{{{header[1..]}}}", new byte[1_000]);
        InvalidDataException error = Cost.Refusal<InvalidDataException>(file.Length, () =>
            SafetensorsReader.Read(new MemoryStream(file), new ParameterLayout(large)));
        StringAssert.Contains(error.Message, "it ends within tensor 'controller.0.weight_ih'");
    }

    [TestMethod]
    [DataRow("iteration", "-1")]
    [DataRow("iteration", "9223372036854775807")]
    [DataRow("optimizer.steps", "-5")]
    [DataRow("guard.strain", "-9000000000000000000")]
    [DataRow("guard.rate_factor", "NaN")]
    [DataRow("guard.rate_factor", "1E+30")]
    [DataRow("learning_rate", "-Infinity")]
    [DataRow("meter.elapsed_seconds", "1E+300")]
    [DataRow("meter.loss_sum", "NaN")]
    [DataRow("meter.good_steps", "-1")]
    [DataRow("best.iteration", "-2")]
    [DataRow("best.loss", "NaN")]
    [DataRow("iteration", "X")]
    [DataRow("guard.rate_factor", "X")]
    [DataRow("version", "X")]
    [DataRow("reports", "[{\"X\":1}]")]
    [DataRow("reports", "X")]
    public void ACheckpointsNumbersAreWhatATrainingCanHave(string name, string value)
    {
        string text = value.Replace("X", new string('x', Long), StringComparison.Ordinal);
        Edit(metadata => metadata[name] = text, _ => { });
        InvalidDataException error = Refused();
        Assert.IsTrue(error.Message.Contains(name, StringComparison.Ordinal), error.Message);
    }

    [TestMethod]
    [DataRow("training.optimizer.mean_square", -1e-3f)]
    [DataRow("training.guard.older", 1e31f)]
    [DataRow("training.best.weights", -1e32f)]
    [DataRow("output.weight", 3e38f)]
    public void ACheckpointsTensorsAreWhatATrainingCanHave(string name, float value)
    {
        Edit(_ => { }, tensors => tensors[name][0] = value);
        StringAssert.Contains(Refused().Message, $"number 0 of its '{name}'");
    }

    [TestMethod]
    [DataRow("I8", 1)]
    [DataRow("I64", 8)]
    [DataRow("F16", 2)]
    public void ACheckpointsTensorsAreFloats(string type, int size)
    {
        Edit(_ => { }, _ => { });
        File.WriteAllBytes(Path.Combine(_folder, Name),
            SafetensorsFile.Make($"{{\"a\":{{\"dtype\":\"{type}\",\"shape\":[3],\"data_offsets\":[0,{3 * size}]}}}}", new byte[3 * size]));
        StringAssert.Contains(Refused().Message, $"must be F32 and is {type}");
    }

    private string Name { get; set; } = "";

    // A training of 20 iterations, whose checkpoint is changed.
    private void Edit(Action<Dictionary<string, string>> metadata, Action<Dictionary<string, float[]>> tensors)
    {
        Run(20);
        string path = Directory.GetFiles(_folder, "*.safetensors", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Last();
        Name = Path.GetRelativePath(_folder, path);
        SafetensorsHeader header;
        var values = new Dictionary<string, float[]>();
        using (FileStream stream = File.OpenRead(path))
        {
            header = SafetensorsHeader.Read(stream);
            SafetensorsReader.ReadTensors(stream, header, entry => values[entry.Name] = new float[(entry.End - entry.Begin) / 4]);
        }
        var texts = header.Metadata.ToDictionary();
        metadata(texts);
        tensors(values);
        texts[CheckpointChecksum.Name] = CheckpointChecksum.Of(texts,
            values.Select(tensor => (tensor.Key, (ReadOnlyMemory<float>)tensor.Value)));
        using FileStream edited = File.Create(path);
        SafetensorsWriter.Write(edited,
            [.. header.Entries.Select(entry =>
                new SafetensorsTensor(entry.Name, [.. entry.Shape.Select(size => (int)size)], values[entry.Name]))], texts);
    }

    private InvalidDataException Refused() => Cost.Refusal<InvalidDataException>(new FileInfo(Path.Combine(_folder, Name)).Length, () =>
    {
        _ = new CheckpointLoader(Path.Combine(_folder, Name));
        Run(40);
    });

    private void Run(long iterations)
    {
        using CheckpointStore store = CheckpointStore.Open(_folder,
            new TrainingIdentity(new Dictionary<string, string> { ["Optimizer"] = "RmsProp" }), 7, () => 1);
        ParameterSet parameters = LinearProblem.Parameters();
        var settings = new TrainingSettings
        {
            NumberOfIterations = iterations,
            LearningRate = 0.01,
            Optimizer = new OptimizerSettings { Kind = OptimizerKind.RmsProp },
            ReportInterval = 7,
            Validation = new ValidationSettings { Interval = 9 },
            Checkpoints = new CheckpointSettings { Store = store, Interval = 10 },
        };
        new TrainingLoop(new LinearEngine(), parameters, settings, new RecordingObserver(), () => 1).Run(LinearProblem.Batches());
    }
}
