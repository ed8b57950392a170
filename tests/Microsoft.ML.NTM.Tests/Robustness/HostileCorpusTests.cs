using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Model.Safetensors;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Tests.Trainers;
using Microsoft.ML.NTM.Training.Checkpoints;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>
/// Files made to cost most for their size: millions of members, texts, objects, nulls, brackets, reports. Each is refused with one error
/// that says little, for what <see cref="Cost"/> allows; what each took is written into the test's output.
/// </summary>
[TestClass]
public sealed class HostileCorpusTests
{
    private const int Million = 1_000_000;

    private static readonly string s_brackets = new('[', 3 * Million);
    private static readonly string s_letters = new('x', 5 * Million);
    private static readonly string s_escapes = string.Concat(Enumerable.Repeat("\\u00e9", Million));

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly MLContext _ml = new(1);

    public required TestContext TestContext { get; set; }

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    // What stands in the place of a value.
    private static IEnumerable<(string Name, string Json)> Values =>
    [
        ("brackets", s_brackets),
        ("closed brackets", s_brackets + new string(']', s_brackets.Length)),
        ("one long text", $"\"{s_letters}\""),
        ("one text of escapes", $"\"{s_escapes}\""),
        ("a long number", new string('9', 5 * Million)),
        ("short texts", Array("\"a\"", 3 * Million)),
        ("different texts", $"[{string.Join(',', Enumerable.Range(0, 2 * Million).Select(i => $"\"{i:x}\""))}]"),
        ("nulls", Array("null", 3 * Million)),
        ("empty objects", Array("{}", 3 * Million)),
        ("empty arrays", Array("[]", 3 * Million)),
        ("numbers", Array("1", 5 * Million)),
        ("members", $"{{{string.Join(',', Enumerable.Range(0, Million).Select(i => $"\"{i:x}\":1"))}}}"),
        ("the same member", $"{{{string.Join(',', Enumerable.Repeat("\"a\":1", Million))}}}"),
        ("objects with texts", Array("{\"a\":\"b\"}", Million)),
    ];

    [TestMethod]
    public void EveryMemberOfEveryPartOfAModelIsReadAtLittleCost()
    {
        IDataView data = SampleData.Create(_ml, "numbers", "vector of keys");
        SequenceModelParameters model = _ml.Sequence.Trainers.Ntm(new()
        {
            ControllerSize = 2,
            MemorySlots = 3,
            MemoryWidth = 2,
            NumberOfIterations = 1,
        }).Fit(data).Model;
        Dictionary<string, byte[]> parts = SequenceModelFile.Parts(model).ToDictionary(part => part.Name, part => part.Content);
        (string Name, string Json)[] values = [.. Values];
        foreach ((string part, string member) in new[]
        {
            ("network.json", "\"Kind\":"), ("network.json", "\"MemorySlots\":"), ("sequence.json", "\"ClassType\":"),
            ("sequence.json", "\"Classes\":"), ("sequence.json", "\"Features\":"), ("sequence.json", "\"ColumnName\":"),
            ("sequence.json", "\"Scaling\":"), ("sequence.json", "\"Center\":"), ("history.json", "\"Reports\":"),
            ("history.json", "\"StopReason\":"), ("network.json", "{"), ("sequence.json", "{"), ("history.json", "{"),
        })
        {
            foreach ((string name, string json) in values)
            {
                string sound = Encoding.UTF8.GetString(parts[part]);
                int at = sound.IndexOf(member, StringComparison.Ordinal);
                if (at < 0)
                    continue;
                int after = at + member.Length;
                string text = member == "{" ? $"{{\"Unknown\": {json}, {sound[after..]}" : $"{sound[..after]} {json}, {sound[after..]}";
                var changed = new Dictionary<string, byte[]>(parts) { [part] = Encoding.UTF8.GetBytes(text) };
                long bytes = changed.Values.Sum(content => (long)content.Length);
                Refusal($"{part} {member} {name}", bytes, () => SequenceModelFile.Read(changed));
            }
        }
    }

    [TestMethod]
    public void AModelWithManyClassesOfOneLetterAndWeightsOfZeroCostsLittle()
    {
        IDataView data = SampleData.Create(_ml, "numbers", "vector of keys");
        var file = new MemoryStream();
        _ml.Model.Save(_ml.Sequence.Trainers.Lstm(new() { ControllerSize = 1, NumberOfIterations = 1 }).Fit(data), data.Schema, file);
        var zip = new ModelZip(file.ToArray());
        foreach (int classes in new[] { 100_000, 400_000, Million })
        {
            NetworkSpec network = SpecJson.ReadNetwork(zip[ModelZip.Network]) with { OutputSize = classes };
            var weights = new MemoryStream();
            SafetensorsWriter.Write(weights, new ParameterSet(network));
            string sequence = Encoding.UTF8.GetString(zip[ModelZip.Sequence]);
            int at = sequence.IndexOf("\"Classes\":", StringComparison.Ordinal);
            int end = sequence.IndexOf(']', at);
            sequence = sequence[..at] + $"\"Classes\": {Array("\"a\"", classes)}" + sequence[(end + 1)..];
            byte[] bytes = new ModelZip(file.ToArray()).Replace(ModelZip.Network, SpecJson.Write(network))
                .Replace(ModelZip.Weights, weights.ToArray()).Replace(ModelZip.Sequence, Encoding.UTF8.GetBytes(sequence)).ToArray();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<Exception>(() => new MLContext(1).Model.Load(new MemoryStream(bytes), out _));
            long cost = GC.GetAllocatedBytesForCurrentThread() - before;
            TestContext.WriteLine($"{classes} classes: {bytes.Length} bytes cost {cost}");
            Cost.AssertBounds(bytes.Length, cost);
        }
    }

    [TestMethod]
    public void HeadersOfWeightsAreReadAtLittleCost()
    {
        foreach ((string name, string json) in Values)
        {
            foreach (string header in new[]
            {
                json, $"{{\"__metadata__\":{json}}}", $"{{\"__metadata__\":{{\"reports\":{json}}}}}", $"{{\"a\":{json}}}",
                $"{{\"a\":{{\"dtype\":{json}}}}}", $"{{\"a\":{{\"shape\":{json}}}}}", $"{{{(json[0] == '"' ? json : "\"a\"")}:{{}}}}",
            })
            {
                byte[] file = WithHeader(header);
                Refusal($"header {header[..Math.Min(30, header.Length)]} {name}", file.Length, () =>
                {
                    var stream = new MemoryStream(file);
                    SafetensorsHeader.Read(stream).RequireTensorsIn(stream);
                    throw new InvalidDataException("Taken, but of no use.");
                });
            }
        }
        string many = string.Join(',', Enumerable.Range(0, 9_999).Select(i => $"\"{i}\":\"{new string('x', 3_000)}\""));
        byte[] texts = WithHeader($"{{\"__metadata__\":{{{many}}}}}");
        long before = GC.GetAllocatedBytesForCurrentThread();
        SafetensorsHeader.Read(new MemoryStream(texts));
        Cost.AssertBounds(texts.Length, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void ReportsOfACheckpointAreReadAtLittleCost()
    {
        string path = Path.Combine(_folder, "checkpoint.safetensors");
        foreach ((string name, string json) in Values)
        {
            var metadata = new Dictionary<string, string> { ["reports"] = json };
            metadata[CheckpointChecksum.Name] = CheckpointChecksum.Of(metadata, []);
            string escaped = json.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            string header = $"{{\"__metadata__\":{{\"reports\":\"{escaped}\","
                + $"\"{CheckpointChecksum.Name}\":\"{metadata[CheckpointChecksum.Name]}\"}}}}";
            byte[] file = WithHeader(header);
            File.WriteAllBytes(path, file);
            Refusal($"reports {name}", file.Length, () => ReportsJson.Exchange(new CheckpointLoader(path), []));
        }
    }

    [TestMethod]
    public void AnIdentityThatAnybodyMayHaveWrittenIsPassedOverAtLittleCost()
    {
        foreach ((string name, string json) in Values)
        {
            string place = Directory.CreateDirectory(Path.Combine(_folder, "0123456789abcdef-seed1")).FullName;
            File.WriteAllText(Path.Combine(place, "identity.json"), json);
            long length = Encoding.UTF8.GetByteCount(json), before = GC.GetAllocatedBytesForCurrentThread();
            using CheckpointStore store = CheckpointStore.Open(_folder, new TrainingIdentity(new Dictionary<string, string>()), 1, () => 1);
            Cost.AssertBounds(length, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.IsLessThan(1_000, store.Note?.Length ?? 0, name);
            Directory.Delete(store.Folder, recursive: true);
        }
    }

    [TestMethod]
    public void StatesOfStepEnginesAreReadAtLittleCost()
    {
        SequenceStepEngine<Step, Scores> engine = _ml.Sequence.CreateStepEngine<Step, Scores>(
            _ml.Sequence.Trainers.Ntm(SmallNtm.Options(2)).Fit(SmallNtm.Data(_ml)));
        byte[] state = engine.SaveState();
        foreach (byte[] file in new[] { new byte[20 * Million], new byte[17], [], state[..^1], [.. state, .. new byte[Million]] })
            Refusal($"state of {file.Length} bytes", file.Length, () => engine.LoadState(file));
    }

    private void Refusal(string what, long bytes, Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        Exception error = Assert.Throws<Exception>(read, what);
        long cost = GC.GetAllocatedBytesForCurrentThread() - before;
        double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        TestContext.WriteLine($"{what}: {bytes} bytes cost {cost} in {time:F0} ms: {error.Message}");
        Assert.IsTrue(error is InvalidDataException or ArgumentException, $"{what}: {error}");
        Assert.IsLessThanOrEqualTo((64L << 20) + 4 * bytes, cost, what);
        for (Exception? each = error; each is not null; each = each.InnerException)
            Assert.IsLessThan(1_000, each.Message.Length, what);
    }

    private static byte[] WithHeader(string json)
    {
        byte[] header = Encoding.UTF8.GetBytes(json), file = new byte[8 + header.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        return file;
    }

    private static string Array(string item, int count) => $"[{string.Join(',', Enumerable.Repeat(item, count))}]";

    private sealed class Step
    {
        public float[] Features { get; set; } = [];
    }

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }
}
