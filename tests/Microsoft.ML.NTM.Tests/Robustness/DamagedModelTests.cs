using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Microsoft.ML.NTM.Tests.Conformance;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM.Tests.Robustness;

/// <summary>Model files that were cut, altered or made up: a sound model comes out, or one clear error.</summary>
[TestClass]
public sealed partial class DamagedModelTests
{
    private const string Loaded = "loaded", Refused = "refused";

    private static readonly string[] s_tokens =
        ["null", "true", "0", "1", "2", "-1", "1e99", "0.5", "2147483647", "99999999999", "\"\"", "\"Ntm\"", "\"Lstm\"", "\"CrossEntropy\"",
            "\"AfterInput\"", "{}", "[]", "[null]"];

    private static readonly Gen<(int Kind, double Where, int Length, byte Value)> s_damage =
        Gen.Select(Gen.Int[0, 5], Gen.Double[0, 1], Gen.Int[1, 40], Gen.Byte);

    public required TestContext TestContext { get; set; }

    /// <summary>The parts of a model with their checksums put right: what an attacker would write.</summary>
    [TestMethod]
    public void PartsThatWereEditedGiveASoundModelOrOneError()
    {
        (string Name, byte[] Content)[][] models = [.. Models().Select(model => SequenceModelFile.Parts(model))];
        var cases = Gen.Select(Gen.Int[0, models.Length - 1], Gen.Int[0, 3], s_damage.Array[1, 3]);

        Dictionary<string, int> ends = RandomCases.Run(cases, share: 4_000, one =>
        {
            Dictionary<string, byte[]> parts = models[one.Item1].ToDictionary(part => part.Name, part => part.Content);
            string name = models[one.Item1][one.Item2].Name;
            foreach ((int kind, double where, int length, byte value) in one.Item3)
                parts[name] = kind < 3 && name != models[0][2].Name ? Retell(parts[name], where, value)
                    : Damage(parts[name], kind, where, length, value);
            try
            {
                SequenceModelParameters model = SequenceModelFile.Read(parts);
                Use(model);
                return Loaded;
            }
            catch (InvalidDataException fault)
            {
                Assert.IsLessThan(3_000, fault.Message.Length);
                return Refused;
            }
        });
        RandomCases.AssertCovers(ends, TestContext, Loaded, Refused);
    }

    [TestMethod]
    public void NoAnswersPerStepAreNoModel()
    {
        SequenceModelParameters model = Models().First(model => model.Classes is not null);
        Dictionary<string, byte[]> parts = SequenceModelFile.Parts(model).ToDictionary(part => part.Name, part => part.Content);
        string name = parts.Keys.Single(part => part.StartsWith("sequence", StringComparison.Ordinal)),
            text = Encoding.UTF8.GetString(parts[name]);
        StringAssert.Contains(text, "\"SoftmaxGroups\": 1");
        parts[name] = Encoding.UTF8.GetBytes(text.Replace("\"SoftmaxGroups\": 1", "\"SoftmaxGroups\": 0", StringComparison.Ordinal));

        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => SequenceModelFile.Read(parts)).Message,
            "SoftmaxGroups must divide the OutputSize");
    }

    /// <summary>
    /// The .zip itself. Where the damage is in what ML.NET reads, its own errors come out; its reader of the part "Schema" (5.0.1) may even
    /// hang on damage, so that part is left alone.
    /// </summary>
    [TestMethod]
    public void FilesThatWereDamagedGiveTheModelThatWasSavedOrAnError()
    {
        var ml = new MLContext(seed: 1);
        IDataView data = SampleData.Create(ml, "numbers", "vector of Single");
        using SequenceTransformer model = ml.Sequence.Trainers.Lstm(new() { ControllerSize = 2, NumberOfIterations = 1 }).Fit(data);
        var file = new MemoryStream();
        ml.Model.Save(model, data.Schema, file);
        byte[] sound = file.ToArray();
        byte[] schema = SchemaPart(sound)!;
        List<string> scores = DataViewValues.Rows(model.Transform(data));

        Dictionary<string, int> ends = RandomCases.Run(s_damage.Array[1, 3], share: 1_000, damages =>
        {
            byte[] damaged = damages.Aggregate(sound, (bytes, one) => Damage(bytes, one.Kind, one.Where, one.Length, one.Value));
            if (!schema.SequenceEqual(SchemaPart(damaged) ?? schema))
                return "schema";
            try
            {
                ITransformer loaded = new MLContext(1).Model.Load(new MemoryStream(damaged), out _);
                CollectionAssert.AreEqual(scores, DataViewValues.Rows(loaded.Transform(data)));
                return Loaded;
            }
            catch (Exception fault) when (
                fault is not (AssertFailedException or OutOfMemoryException or NullReferenceException or AccessViolationException))
            {
                return fault.GetBaseException().GetType().Name;
            }
        });
        RandomCases.AssertCovers(ends, TestContext, Loaded, nameof(InvalidDataException));
    }

    private static IEnumerable<SequenceModelParameters> Models()
    {
        var ml = new MLContext(seed: 1);
        NtmTrainer.Options ntm = new() { ControllerSize = 2, MemorySlots = 3, MemoryWidth = 2, NumberOfIterations = 1 };
        yield return ml.Sequence.Trainers.Ntm(ntm).Fit(SampleData.Create(ml, "numbers", "vector of keys")).Model;
        yield return ml.Sequence.Trainers.Lstm(new() { ControllerSize = 2, NumberOfIterations = 1 })
            .Fit(SampleData.Create(ml, "keys", "Boolean")).Model;
        LstmTrainer.Options scaled = new()
        {
            ControllerSize = 2,
            NumberOfIterations = 1,
            FeatureScaling = SequenceScaling.Standardize,
            LabelScaling = SequenceScaling.Standardize,
            MissingFeatures = MissingFeatures.ZeroWithIndicator,
        };
        yield return ml.Sequence.Trainers.Lstm(scaled).Fit(SampleData.Create(ml, "numbers", "vector of Single")).Model;
    }

    // Whatever loads can be bound to data and scores it, or says that the data is not its own.
    private static void Use(SequenceModelParameters model)
    {
        if (model.Sequence.OutputLength > 100)
            return;
        var ml = new MLContext(1);
        using var transformer = new SequenceTransformer(ml, model, SequenceBackend.Auto);
        foreach (string features in new[] { "numbers", "keys" })
        {
            IDataView data = SampleData.Create(ml, features, "Single");
            try
            {
                Assert.HasCount(5, DataViewValues.Rows(transformer.Transform(data)));
            }
            catch (ArgumentOutOfRangeException fault) when (fault.ParamName == "schema")
            {
            }
            catch (InvalidOperationException fault) when (fault.GetBaseException().Message.Contains("xpected", StringComparison.Ordinal))
            {
            }
        }
    }

    // ML.NET's description of the input; empty where it cannot be read, null where there is none to be read.
    private static byte[]? SchemaPart(byte[] file)
    {
        bool opened = false;
        try
        {
            using var archive = new ZipArchive(new MemoryStream(file));
            opened = archive.Entries.Count > 0;
            using Stream? part = archive.GetEntry("Schema")?.Open();
            var content = new MemoryStream();
            part?.CopyTo(content);
            return part is null ? null : content.ToArray();
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or ArgumentException)
        {
            return opened ? [] : null;
        }
    }

    // Another word or number in the place of one.
    private static byte[] Retell(byte[] json, double where, byte value)
    {
        string text = Encoding.UTF8.GetString(json);
        MatchCollection words = Word().Matches(text);
        if (words.Count == 0)
            return json;
        Match word = words[(int)(where * (words.Count - 1))];
        return Encoding.UTF8.GetBytes($"{text[..word.Index]}{s_tokens[value % s_tokens.Length]}{text[(word.Index + word.Length)..]}");
    }

    private static byte[] Damage(byte[] bytes, int kind, double where, int length, byte value)
    {
        int at = (int)(where * Math.Max(bytes.Length - 1, 0)), end = Math.Min(at + length, bytes.Length);
        switch (kind)
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. bytes[end..]];
            case 2:
                return [.. bytes[..end], .. bytes[at..]];
            default:
                byte[] changed = [.. bytes];
                if (changed.Length > 0)
                    changed[at] = kind == 3 ? value : (byte)(changed[at] ^ (1 << value % 8));
                return changed;
        }
    }

    [GeneratedRegex("-?[0-9.]+|\"[^\"]*\"(?!\\s*:)|true|false|null")]
    private static partial Regex Word();
}
