using System.Text;
using CsCheck;
using Microsoft.ML.NTM.Model.Safetensors;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Tests.Trainers;
using Microsoft.ML.NTM.Tests.Training;
using Microsoft.ML.NTM.Training;
using Microsoft.ML.NTM.Training.Checkpoints;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>
/// Sound files of every kind, changed at random with their structure and checksums kept: each is taken or refused with one clear error,
/// at the
/// cost that <see cref="Cost"/> allows. NTM_RANDOM_CASES sets how many; one in eight is one of these.
/// </summary>
[TestClass]
public sealed class HostileMutationTests
{
    private const string Taken = "taken", Refused = "refused";

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly MLContext _ml = new(1);

    public required TestContext TestContext { get; set; }

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void ChangedFilesAreTakenOrRefusedAtLittleCost()
    {
        (string Name, Action<Random> Read)[] kinds = [.. Kinds()];
        Dictionary<string, int> ends = RandomCases.Run(Gen.Select(Gen.Int[0, 999], Gen.Int), share: 2_500, one =>
        {
            // A whole .zip goes through ML.NET and costs a hundred times the others.
            (string name, Action<Random> read) = one.Item1 < 15 ? kinds[0] : kinds[1 + one.Item1 % (kinds.Length - 1)];
            return $"{name} {Outcome(() => read(new Random(one.Item2)))}";
        });
        RandomCases.AssertCovers(ends, TestContext, [.. kinds.Skip(1).Select(kind => $"{kind.Name} {Refused}")]);
    }

    private IEnumerable<(string Name, Action<Random> Read)> Kinds()
    {
        SequenceModelParameters[] models =
        [
            _ml.Sequence.Trainers.Ntm(new() { ControllerSize = 2, MemorySlots = 3, MemoryWidth = 2, NumberOfIterations = 1 })
                .Fit(SampleData.Create(_ml, "numbers", "vector of keys")).Model,
            _ml.Sequence.Trainers.Lstm(new() { ControllerSize = 2, NumberOfIterations = 1 }).Fit(SampleData.Create(_ml, "keys",
                "Boolean")).Model,
        ];
        yield return ("zip", Zips());

        byte[] weights = Written(stream => SafetensorsWriter.Write(stream, models[0].Parameters));
        var layout = new ParameterLayout(models[0].Network);
        yield return ("weights", random => Costs(Mutations.Safetensors(weights, random),
            file => SafetensorsReader.Read(new MemoryStream(file), layout)));

        (string Name, byte[] Content)[][] parts = [.. models.Select(model => SequenceModelFile.Parts(model))];
        yield return ("parts", random =>
        {
            Dictionary<string, byte[]> changed = parts[random.Next(parts.Length)].ToDictionary(part => part.Name, part => part.Content);
            for (int i = random.Next(1, 3); i > 0; i--)
            {
                string name = changed.Keys.ElementAt(random.Next(changed.Count));
                changed[name] = name.EndsWith("json", StringComparison.Ordinal)
                    ? Mutations.Json(changed[name], random) : Mutations.Safetensors(changed[name], random);
            }
            Costs([.. changed.Values.SelectMany(part => part)], _ => SequenceModelFile.Read(changed));
        }
        );

        yield return ("checkpoint", Checkpoints());
        yield return ("state", States());
    }

    private Action<Random> Zips()
    {
        IDataView data = SampleData.Create(_ml, "numbers", "vector of Single");
        using SequenceTransformer model = _ml.Sequence.Trainers.Lstm(new() { ControllerSize = 2, NumberOfIterations = 1 }).Fit(data);
        byte[] sound = Written(stream => _ml.Model.Save(model, data.Schema, stream));
        return random =>
        {
            var zip = new ModelZip(sound);
            string part = new[] { ModelZip.Network, ModelZip.Sequence, ModelZip.Weights }[random.Next(3)];
            byte[] content = part == ModelZip.Weights ? Mutations.Safetensors(zip[part], random) : Mutations.Json(zip[part], random);
            byte[] file = (random.Next(4) == 0
                ? zip.ExchangeMainStream(part, Mutations.Bytes(zip.MainStreamOf(part), random)) : zip.Replace(part, content)).ToArray();
            Costs(file, bytes => new MLContext(1).Model.Load(new MemoryStream(bytes), out _));
        };
    }

    private Action<Random> Checkpoints()
    {
        byte[] sound = Checkpoint();
        return random =>
        {
            byte[] file = Mutations.Safetensors(sound, random);
            if (random.Next(4) > 0)
                file = WithChecksum(file);
            string path = Path.Combine(_folder, $"{Environment.CurrentManagedThreadId}.safetensors");
            File.WriteAllBytes(path, file);
            Costs(file, _ => new CheckpointLoader(path));
        };
    }

    private byte[] Checkpoint()
    {
        using CheckpointStore store = CheckpointStore.Open(_folder, new TrainingIdentity(new Dictionary<string, string>()), 1, () => 1);
        var settings = new TrainingSettings
        {
            NumberOfIterations = 20,
            ReportInterval = 5,
            Optimizer = new OptimizerSettings { Kind = OptimizerKind.RmsProp },
            Checkpoints = new CheckpointSettings { Store = store, Interval = 10 },
        };
        new TrainingLoop(new LinearEngine(), LinearProblem.Parameters(), settings, new RecordingObserver()).Run(LinearProblem.Batches());
        return File.ReadAllBytes(Directory.GetFiles(store.Folder, "*.safetensors").Order(StringComparer.Ordinal).Last());
    }

    // What an attacker would do: anybody can work out a checksum.
    private static byte[] WithChecksum(byte[] file)
    {
        try
        {
            var stream = new MemoryStream(file);
            SafetensorsHeader header = SafetensorsHeader.Read(stream);
            header.RequireTensorsIn(stream);
            var values = new Dictionary<string, float[]>();
            SafetensorsReader.ReadTensors(stream, header, entry => values[entry.Name] = new float[(entry.End - entry.Begin) / 4]);
            string sum = CheckpointChecksum.Of(header.Metadata, values.Select(tensor => (tensor.Key, (ReadOnlyMemory<float>)tensor.Value)));
            string now = header.Metadata[CheckpointChecksum.Name];
            return sum.Length == now.Length ? Replace(file, Encoding.UTF8.GetBytes(now), Encoding.UTF8.GetBytes(sum)) : file;
        }
        catch (Exception fault) when (fault is InvalidDataException or KeyNotFoundException or ArgumentException)
        {
            return file;
        }
    }

    private static byte[] Replace(byte[] bytes, byte[] from, byte[] to)
    {
        byte[] changed = [.. bytes];
        int at = changed.AsSpan().IndexOf(from);
        if (at >= 0)
            to.CopyTo(changed, at);
        return changed;
    }

    private Action<Random> States()
    {
        SequenceTransformer model = _ml.Sequence.Trainers.Ntm(SmallNtm.Options(2)).Fit(SmallNtm.Data(_ml));
        SequenceStepEngine<Step, Scores> engine = _ml.Sequence.CreateStepEngine<Step, Scores>(model);
        engine.Step(new Step { Features = [1, 0] });
        byte[] state = engine.SaveState();
        return random =>
        {
            byte[] file = random.Next(2) == 0 ? Mutations.Number(state, 17, random) : Mutations.Bytes(state, random);
            SequenceStepEngine<Step, Scores> own = engine.Clone();
            Costs(file, own.LoadState);
            Assert.IsEmpty(own.Step(new Step { Features = [0, 1] }).Score);
            foreach (float score in own.Answer().Score)
                Assert.IsTrue(float.IsFinite(score));
        };
    }

    private static void Costs(byte[] file, Action<byte[]> read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read(file);
        }
        finally
        {
            Cost.AssertBounds(file.Length, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    // ML.NET wraps what a part's loader throws, and has errors of its own for its own parts.
    private static string Outcome(Action read)
    {
        try
        {
            read();
            return Taken;
        }
        catch (Exception fault) when (fault is InvalidDataException or ArgumentException or FormatException or InvalidOperationException
            or EndOfStreamException or System.Reflection.TargetInvocationException or IOException)
        {
            for (Exception? each = fault; each is not null; each = each.InnerException)
                Assert.IsLessThan(1_000, each.Message.Length, each.Message);
            return Refused;
        }
    }

    private static byte[] Written(Action<Stream> write)
    {
        var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }

    private sealed class Step
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }
}
