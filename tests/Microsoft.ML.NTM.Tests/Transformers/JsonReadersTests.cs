using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.ML.NTM.Data;
using Microsoft.ML.NTM.Model;
using Microsoft.ML.NTM.Transformers;

namespace Microsoft.ML.NTM.Tests.Transformers;

/// <summary>
/// The readers of a model file's JSON, written by hand, beside the serializer that writes it and that read it once: what one takes the
/// other takes as the same, and what one refuses the other refuses.
/// </summary>
[TestClass]
public sealed class JsonReadersTests
{
    // Put in the place of every value; each is right somewhere and wrong elsewhere.
    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "1", "-1", "7", "1.5", "1e2", "-0", "2147483648", "-2147483649", "9223372036854775808", "1e400",
        "\"\"", "\"x\"", "\"Ntm\"", "\"dnc\"", "\"\\u0044nc\"", "\"EveryStep\"", "\"keY\"", "\"1\"", "\"NaN\"", "\"-Infinity\"", "\"nan\"",
        "\"00:00:01\"", "\"1.02:03:04.5\"", "\"25:00:00\"", "\" 00:00:01\"", "{}", "[]", "[1]", "[\"a\"]", "[[1]]", "{\"X\":1}",
        "[1,\"a\"]", "tru", "\"\\ud800\"",
    ];

    private static readonly JsonSerializerOptions s_compared = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals
    };

    private static readonly NetworkSpec s_network = new()
    {
        Kind = NetworkKind.Dnc,
        InputSize = 2,
        EmbeddingSize = 3,
        VocabularySize = 4,
        KeysPerStep = 5,
        OutputSize = 6,
        Controller = ControllerKind.FeedForward,
        ControllerSize = 7,
        ControllerLayers = 8,
        Bidirectional = true,
        MemorySlots = 9,
        MemoryWidth = 10,
        NumberOfReadHeads = 11,
        NumberOfWriteHeads = 12,
        ShiftRange = 13,
        WriteRule = MemoryWriteRule.Interpolate,
        KeyTanh = true,
        InitialMemory = InitialMemory.Random,
        InitialWeightings = InitialWeightings.Zero,
        ControllerClip = 0.1f,
        MaskedContent = true,
        Deallocation = true,
        LinkSharpening = true,
        SharpeningEpsilon = 1e-5f,
        SharpeningEpsilonPlace = SharpeningEpsilonPlace.AfterPower,
    };

    private static readonly SequenceSpec s_sequence = new()
    {
        FeatureSize = 2,
        Alignment = SequenceAlignment.AfterInput,
        Loss = SequenceLoss.CrossEntropy,
        OneLabelPerSequence = true,
        SoftmaxGroups = 3,
        OutputLength = 4,
        OutputLengthColumnName = "Länge \"n\"",
    };

    private static readonly FeatureFormat s_feature = new("Words", 2, 3, 4, MissingFeatures.ZeroWithIndicator,
        new ChannelScaling([1.5f, -2], [1, 1e-20f], 3.25f));

    private static readonly SequenceFormat s_format = new()
    {
        Spec = s_sequence,
        Features = [s_feature, new("Numbers", 1)],
        Label = new("Answer", LabelKind.Key, IsVector: true, 5, new ChannelScaling([0], [2])),
        OutputSize = 5,
        ExampleWeightColumnName = "Weight",
    };

    private static readonly TrainingProgress s_report = new()
    {
        Iteration = 1,
        NumberOfIterations = 1L << 40,
        Sequences = 3,
        Loss = double.NaN,
        ValidationLoss = double.NegativeInfinity,
        GradientNorm = Math.PI,
        LearningRate = 1e-300,
        SequencesPerSecond = 4.5,
        SkippedSteps = 5,
        Elapsed = TimeSpan.FromTicks(123_456_789_012_345),
    };

    private static readonly TrainingHistory s_history = new()
    {
        Reports = [s_report, s_report with { ValidationLoss = null, Loss = double.PositiveInfinity }],
        StopReason = TrainingStopReason.TargetReached,
        Iterations = 6,
        KeptIteration = 7,
        ValidationLoss = 0.1,
        SkippedSteps = 8,
        Rollbacks = 9,
        Elapsed = TimeSpan.FromSeconds(1.5),
    };

    private static readonly PackOptions s_pack = new()
    {
        SequenceColumnName = "Machine",
        OrderColumnName = "Time",
        Features = [new("Features", ["A", "B"]), new("More", ["C"])],
        Label = new("Label", ["D"]),
        LabelPlacement = LabelPlacement.Following,
        Window = 2,
        Stride = 3,
        Horizon = 4,
        RowsAreGrouped = true,
        IncludeUnlabeled = false,
    };

    private static IEnumerable<Kind> Kinds()
    {
        yield return new Kind<NetworkSpec>(s_network, SpecJsonContext.Strict.NetworkSpec, utf8 =>
        {
            var json = new StrictJson(utf8);
            NetworkSpec spec = SpecJson.Network(ref json);
            json.End();
            return spec;
        });
        yield return new Kind<SequenceSpec>(s_sequence, SpecJsonContext.Strict.SequenceSpec, utf8 =>
        {
            var json = new StrictJson(utf8);
            SequenceSpec spec = SpecJson.Sequence(ref json);
            json.End();
            return spec;
        });
        yield return new Kind<SequenceDescription>(new(s_format, "text", ["x", "ü\n"]), SequenceJsonContext.Strict.SequenceDescription,
            utf8 => SequenceJsonReader.Read(utf8));
        yield return new Kind<SequenceDescription>(new(s_format with { ExampleWeightColumnName = null }, null, null),
            SequenceJsonContext.Strict.SequenceDescription, utf8 => SequenceJsonReader.Read(utf8));
        yield return new Kind<TrainingHistory>(s_history, HistoryJsonContext.Strict.TrainingHistory, utf8 =>
        {
            var json = new StrictJson(utf8);
            TrainingHistory history = HistoryJson.History(ref json);
            json.End();
            return history;
        });
        yield return new Kind<PackOptions>(s_pack, PackJsonContext.Strict.PackOptions, utf8 => PackModelFile.Read(utf8));
    }

    /// <summary>A member that a reader forgot, or leaves at its default, would be seen here.</summary>
    [TestMethod]
    public void WhatIsWrittenIsReadMemberByMember()
    {
        AssertFarFromDefaults(s_network, new NetworkSpec());
        AssertFarFromDefaults(s_sequence, new SequenceSpec());
        AssertFarFromDefaults(s_feature, new FeatureFormat("", 0));
        AssertFarFromDefaults(s_format.Label, new LabelFormat("", default, false));
        AssertFarFromDefaults(s_pack, new PackOptions());
        foreach (Kind kind in Kinds())
            Assert.IsNull(kind.Difference(kind.Sound));
    }

    [TestMethod]
    public void EveryValueOfAnotherKindIsTakenOrRefusedAsTheSerializerDoes()
    {
        foreach (Kind kind in Kinds())
        {
            int taken = 0, refused = 0;
            foreach ((int start, int end) in Places(kind.Sound).Values)
            {
                foreach (string value in s_values)
                    Check(kind, Put(kind.Sound, start, end, value), ref taken, ref refused);
            }
            Assert.IsGreaterThan(20, taken);
            Assert.IsGreaterThan(20, refused);
        }
    }

    [TestMethod]
    public void EveryMemberMissingTwiceOrUnknownIsTakenOrRefusedAsTheSerializerDoes()
    {
        foreach (Kind kind in Kinds())
        {
            int taken = 0, refused = 0;
            foreach ((int start, int colon, int end) in Places(kind.Sound).Members)
            {
                string member = Encoding.UTF8.GetString(kind.Sound[start..end]);
                string name = Encoding.UTF8.GetString(kind.Sound[start..colon]), value = member[name.Length..];
                Check(kind, Put(kind.Sound, start, end, $"{member},{member}"), ref taken, ref refused);
                Check(kind, Put(kind.Sound, start, end, name.ToLowerInvariant() + value), ref taken, ref refused);
                Check(kind, Put(kind.Sound, start, end, $"\"{name[1..^1]}X\"{value}"), ref taken, ref refused);
                Check(kind, Put(kind.Sound, start, end, $"\"\\u{(int)name[1]:x4}{name[2..]}{value}"), ref taken, ref refused);
                Check(kind, Put(kind.Sound, start, end, $"{member},\"Extra\":{{\"Any\":[1]}}"), ref taken, ref refused);
                Check(kind, Put(kind.Sound, start, end, name), ref taken, ref refused);
                if (Without(kind.Sound, start, end) is { } without && !kind.Adds(name))
                    Check(kind, without, ref taken, ref refused);
            }
            Assert.IsGreaterThan(5, taken);
            Assert.IsGreaterThan(20, refused);
        }
    }

    [TestMethod]
    public void EveryTruncationAndWhateverFollowsIsRefused()
    {
        foreach (Kind kind in Kinds())
        {
            for (int length = 0; length < kind.Sound.Length; length++)
                Assert.IsNotNull(kind.Refusal(kind.Sound[..length]), $"{length}");
            foreach (string more in new[] { "x", "{}", ",", "]", "null" })
                Assert.IsNotNull(kind.Refusal([.. kind.Sound, .. Encoding.UTF8.GetBytes(more)]), more);
            Assert.IsNull(kind.Refusal([.. kind.Sound, (byte)' ', (byte)'\n']));
        }
    }

    [TestMethod]
    public void ARefusalSaysWhatWasExpectedOfWhichMemberAndWhatCame()
    {
        string text = Encoding.UTF8.GetString(SpecJson.Write(s_network));
        string Error(string from, string to) => Assert.ThrowsExactly<InvalidDataException>(() =>
            SpecJson.ReadNetwork(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)))).Message;

        StringAssert.Contains(Error("\"MemorySlots\": 9", "\"MemorySlots\": 9.5"),
            "Expected a whole number of 32 bits for MemorySlots, got 9.5");
        StringAssert.Contains(Error("\"MemorySlots\": 9", "\"MemorySlots\": \"many\""),
            "Expected a number for MemorySlots, got the text many");
        StringAssert.Contains(Error("\"Dnc\"", "\"Gru\""), "Expected one of Ntm, Dnc, Lstm for Kind, got the text Gru");
        StringAssert.Contains(Error("\"KeyTanh\": true", "\"KeyTanh\": null"), "Expected true or false for KeyTanh, got null");
        StringAssert.Contains(Error("\"KeyTanh\"", "\"Extra\""), "Extra is not known");
        StringAssert.Contains(Error("\"KeyTanh\"", "\"Kind\""), "Kind is given twice");
    }

    private static void Check(Kind kind, byte[] changed, ref int taken, ref int refused)
    {
        string? difference = kind.Difference(changed);
        Assert.IsNull(difference, $"{difference}\n{Encoding.UTF8.GetString(changed)}");
        _ = kind.Refusal(changed) is null ? taken++ : refused++;
    }

    private static void AssertFarFromDefaults<T>(T value, T defaults)
    {
        foreach (PropertyInfo property in typeof(T).GetProperties().Where(property => property.SetMethod is not null))
            Assert.AreNotEqual(property.GetValue(defaults), property.GetValue(value), property.Name);
    }

    // Where each value stands, those of members and those in arrays; and each member, with where its name ends.
    private static (List<(int Start, int End)> Values, List<(int Start, int Colon, int End)> Members) Places(byte[] json)
    {
        List<(int Start, int End)> values = [];
        List<(int Start, int Colon, int End)> members = [];
        var reader = new Utf8JsonReader(json);
        (int Start, int End)? name = null;
        while (reader.Read())
        {
            int start = (int)reader.TokenStartIndex;
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                // Up to the closing quote; the reader has consumed the colon.
                name = (start, start + reader.ValueSpan.Length + 2);
                continue;
            }
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                continue;
            Utf8JsonReader ahead = reader;
            ahead.Skip();
            values.Add((start, (int)ahead.BytesConsumed));
            if (name is { } named)
                members.Add((named.Start, named.End, (int)ahead.BytesConsumed));
            name = null;
        }
        return (values, members);
    }

    private static byte[] Put(byte[] json, int start, int end, string text) =>
        [.. json[..start], .. Encoding.UTF8.GetBytes(text), .. json[end..]];

    // Without the member and the comma after it, else the one before it.
    private static byte[]? Without(byte[] json, int start, int end)
    {
        string before = Encoding.UTF8.GetString(json[..start]), after = Encoding.UTF8.GetString(json[end..]);
        if (after.TrimStart().StartsWith(','))
            return Encoding.UTF8.GetBytes(before + after.TrimStart()[1..]);
        return before.TrimEnd().EndsWith(',') ? Encoding.UTF8.GetBytes(before.TrimEnd()[..^1] + after) : null;
    }

    private abstract class Kind(byte[] sound)
    {
        public byte[] Sound { get; } = sound;

        /// <summary>Whether the reader gives a missing member the value of older files, where the serializer gives 0.</summary>
        public virtual bool Adds(string name) => false;

        /// <summary>What the reader says against a text, or null.</summary>
        public abstract string? Refusal(byte[] json);

        /// <summary>How reader and serializer differ about a text, or null.</summary>
        public abstract string? Difference(byte[] json);
    }

    private sealed class Kind<T>(T sound, JsonTypeInfo<T> type, Func<byte[], T> read)
        : Kind(JsonSerializer.SerializeToUtf8Bytes(sound, type))
        where T : class
    {
        public override bool Adds(string name) => typeof(T) == typeof(NetworkSpec) && name.Contains("Sharpening", StringComparison.Ordinal);

        public override string? Refusal(byte[] json) => Try(read, json).Error;

        public override string? Difference(byte[] json)
        {
            (T? ours, string? error) = Try(read, json);
            (T? theirs, string? theirError) = Try(text => JsonSerializer.Deserialize(text, type) ?? throw new JsonException("null"), json);
            if (ours is not null && theirs is not null)
            {
                (string mine, string other) = (JsonSerializer.Serialize(ours, s_compared), JsonSerializer.Serialize(theirs, s_compared));
                return mine == other ? null : $"read as {mine} instead of {other}";
            }
            // Stricter by intent: nothing in a list is null, and a network says all that its version knows.
            bool stricter = ours is null && (error!.Contains("got null", StringComparison.Ordinal)
                || error.Contains("lacks", StringComparison.Ordinal));
            return (ours is null) == (theirs is null) || stricter ? null
                : $"{error ?? "taken"}, but the serializer: {theirError ?? "taken"}";
        }

        private static (T? Value, string? Error) Try(Func<byte[], T> reader, byte[] json)
        {
            try
            {
                return (reader(json), null);
            }
            catch (Exception fault) when (fault is JsonException or InvalidOperationException)
            {
                return (null, fault.Message);
            }
        }
    }
}
