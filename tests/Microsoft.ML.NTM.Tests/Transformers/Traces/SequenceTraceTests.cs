using Microsoft.ML.Data;
using Microsoft.ML.NTM.Tests.References;
using Microsoft.ML.NTM.Tests.Trainers;

namespace Microsoft.ML.NTM.Tests.Transformers.Traces;

/// <summary>Traced numbers stand in the papers' equations to each other: they are what they are called.</summary>
[TestClass]
public sealed class SequenceTraceTests
{
    private const double Rounding = 2e-6;

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void AnNtmsTraceObeysThePapersEquations()
    {
        NtmTrainer.Options options = SmallNtm.Options(iterations: 20);
        (options.NumberOfReadHeads, options.NumberOfWriteHeads, options.ShiftRange) = (2, 2, 1);
        SequenceTrace trace = Trace(_ml.Sequence.Trainers.Ntm(options).Fit(SmallNtm.Data(_ml)));

        for (int step = 1; step < trace.Steps; step++)
        {
            double[][] before = Memory(trace, step - 1, options.MemoryWidth);
            foreach (string head in new[] { "read 1", "read 2", "write 1", "write 2" })
            {
                double[] At(string what) => Values(trace, $"{head} {what}", step);
                double[] content = NtmReference.ContentWeighting(before, At("key"), At("strength")[0]);
                double[] gated = NtmReference.Interpolate(content, Values(trace, $"{head} weighting", step - 1), At("gate")[0]);
                AssertClose(content, At("content"));
                AssertClose(NtmReference.Sharpen(NtmReference.Shift(gated, At("shift")), At("sharpening")[0]), At("weighting"));
            }
            AssertClose(NtmReference.Write(before, [.. new[] { "write 1", "write 2" }.Select(head =>
                (Values(trace, $"{head} weighting", step), Values(trace, $"{head} erase", step), Values(trace, $"{head} add", step)))]),
                Memory(trace, step, options.MemoryWidth));
        }
    }

    [TestMethod]
    public void ADncsTraceObeysThePapersEquations()
    {
        var options = new DncTrainer.Options
        {
            Alignment = SequenceAlignment.AfterInput,
            Loss = SequenceLoss.BinaryCrossEntropy,
            OutputLengthColumnName = "OutputLength",
            NumberOfIterations = 20,
            ControllerSize = 9,
            MemorySlots = 6,
            MemoryWidth = 4,
            NumberOfReadHeads = 2,
            MaskedContent = true,
            LinkSharpening = true,
            Seed = 3,
        };
        SequenceTrace trace = Trace(_ml.Sequence.Trainers.Dnc(options).Fit(SmallNtm.Data(_ml)));
        double[][] links = [.. Enumerable.Range(0, options.MemorySlots).Select(_ => new double[options.MemorySlots])];
        double[] none = new double[options.MemorySlots];
        double[][] start = [.. Enumerable.Range(0, options.MemorySlots)
            .Select(_ => Enumerable.Repeat(1e-6, options.MemoryWidth).ToArray())];

        for (int step = 0; step < trace.Steps; step++)
        {
            double[] At(string what) => Values(trace, what, step);
            double[] Before(string what) => step == 0 ? none : Values(trace, what, step - 1);
            double[][] memory = Memory(trace, step, options.MemoryWidth),
                before = step == 0 ? start : Memory(trace, step - 1, options.MemoryWidth);
            double[] retention = DncReference.Retention([At("read 1 free gate")[0], At("read 2 free gate")[0]],
                [Before("read 1 weighting"), Before("read 2 weighting")]);
            AssertClose(DncReference.Usage(Before("usage"), Before("write weighting"), retention), At("usage"));
            AssertClose(DncReference.Allocation(At("usage")), At("write allocation"));
            AssertClose(DncReference.ContentWeighting(before, At("write key"), At("write strength")[0], At("write mask")),
                At("write content"));
            AssertClose(DncReference.WriteWeighting(At("write gate")[0], At("write allocation gate")[0], At("write allocation"),
                At("write content")), At("write weighting"));
            AssertClose(DncReference.Write(before, At("write weighting"), At("write erase"), At("write vector"), null), memory);
            links = DncReference.Link(links, At("write weighting"), Before("precedence"));
            AssertClose(DncReference.Precedence(Before("precedence"), At("write weighting")), At("precedence"));
            foreach (string head in new[] { "read 1", "read 2" })
            {
                double[] modes = At($"{head} modes"), sharpening = At($"{head} sharpening"), last = Before($"{head} weighting");
                AssertClose(DncReference.ContentWeighting(memory, At($"{head} key"), At($"{head} strength")[0], At($"{head} mask")),
                    At($"{head} content"));
                AssertClose(NtmReference.Sharpen(DncReference.Backward(links, last), sharpening[0]), At($"{head} backward"));
                AssertClose(NtmReference.Sharpen(DncReference.Forward(links, last), sharpening[1]), At($"{head} forward"));
                double[] backward = At($"{head} backward"), content = At($"{head} content"), forward = At($"{head} forward");
                AssertClose([.. none.Select((_, i) => modes[0] * backward[i] + modes[1] * content[i] + modes[2] * forward[i])],
                    At($"{head} weighting"));
            }
        }
    }

    [TestMethod]
    public void AnswersAreThoseOfScoringAndInputsThoseOfTheRowThroughAPipeline()
    {
        IDataView data = SmallNtm.Data(_ml, rows: 6, seed: 4);
        ITransformer model = _ml.Transforms.CopyColumns("Bits", "Features").Append(_ml.Sequence.Trainers.Ntm(Named("Bits")))
            .Append(_ml.Transforms.CopyColumns("Copy", "Score")).Fit(data);
        float[][] scores = [.. model.Transform(data).GetColumn<float[]>("Score")], features = [.. data.GetColumn<float[]>("Features")];
        SequenceTrace[] traces = [.. _ml.Sequence.Trace(model, data)];

        Assert.HasCount(6, traces);
        for (int row = 0; row < traces.Length; row++)
        {
            SequenceTrace trace = traces[row];
            int read = features[row].Length / 2;
            Assert.AreEqual(row, trace.Row);
            Assert.AreEqual(read + 1 + scores[row].Length / 2, trace.Steps);
            Assert.IsTrue(trace["answers"].Values[..(2 * (read + 1))].ToArray().All(float.IsNaN));
            CollectionAssert.AreEqual(scores[row], trace["answers"].Values[(2 * (read + 1))..].ToArray());
            for (int step = 0; step < trace.Steps; step++)
                CollectionAssert.AreEqual(step < read ? [.. features[row].AsSpan(2 * step, 2), 0f]
                    : new[] { 0f, 0f, step == read ? 1f : 0f }, trace["inputs"][step].ToArray());
        }
    }

    [TestMethod]
    public void TargetsAreTheLabelsAndErrorsWhatAnswersDifferByWhereTheDataHasLabels()
    {
        IDataView data = SmallNtm.Data(_ml, rows: 5, seed: 4);
        SequenceTransformer model = _ml.Sequence.Trainers.Ntm(SmallNtm.Options(2)).Fit(data);
        float[][] labels = [.. data.GetColumn<float[]>("Label")];
        foreach (SequenceTrace trace in _ml.Sequence.Trace(model, data))
        {
            float[] targets = trace["targets"].Values.ToArray(), answers = trace["answers"].Values.ToArray();
            int before = targets.Length - labels[trace.Row].Length;
            Assert.IsTrue(targets[..before].All(float.IsNaN));
            CollectionAssert.AreEqual(labels[trace.Row], targets[before..]);
            CollectionAssert.AreEqual(answers.Zip(targets, (answer, target) => answer - target).ToArray(), trace["error"].Values.ToArray());
        }

        SequenceTrace unlabelled = _ml.Sequence.Trace(model, _ml.Transforms.DropColumns("Label").Fit(data).Transform(data)).First();
        Assert.IsFalse(unlabelled.Series.Any(series => series.Name is "targets" or "error"), "scoring needs no label, a trace neither");
    }

    [TestMethod]
    public void KeysAreTargetsOfOneOutputEach()
    {
        IDataView data = Conformance.SampleData.Create(_ml, "keys", "vector of keys");
        SequenceTransformer model = _ml.Sequence.Trainers.Lstm(new LstmTrainer.Options { NumberOfIterations = 2, ControllerSize = 4 })
            .Fit(data);
        uint[][] labels = [.. data.GetColumn<uint[]>("Label")];
        foreach (SequenceTrace trace in _ml.Sequence.Trace(model, data))
        {
            for (int step = 0; step < trace.Steps; step++)
            {
                uint key = labels[trace.Row][step];
                float[] targets = trace["targets"][step].ToArray();
                CollectionAssert.AreEqual(targets.Select((_, i) => key == 0 ? float.NaN : i + 1 == key ? 1f : 0f).ToArray(), targets);
            }
        }
    }

    [TestMethod]
    public void AnLstmHasInputsAndAnswersAndTokensOnly()
    {
        IDataView data = Conformance.SampleData.Create(_ml, "keys", "vector of keys");
        SequenceTransformer model =
            _ml.Sequence.Trainers.Lstm(new LstmTrainer.Options { EmbeddingSize = 3, NumberOfIterations = 2, ControllerSize = 4 }).Fit(data);
        SequenceTrace trace = _ml.Sequence.Trace(model, data).First();

        CollectionAssert.AreEqual(new[] { "inputs", "tokens", "answers", "targets", "error" }, trace.Series.Select(series => series.Name)
            .ToArray());
        uint[] tokens = data.GetColumn<uint[]>("Features").First();
        CollectionAssert.AreEqual(tokens.Select(key => (float)key).ToArray(), trace["tokens"].Values.ToArray());
        float[] table = model.Model.Parameters["embedding.weight"].ToArray();
        for (int step = 0; step < tokens.Length; step++)
            CollectionAssert.AreEqual(tokens[step] == 0 ? new float[3] : table[(3 * (int)(tokens[step] - 1))..][..3],
                trace["inputs"][step].ToArray());
    }

    [TestMethod]
    public void WhatIsNotThereIsNamed()
    {
        IDataView data = SmallNtm.Data(_ml, rows: 8);
        SequenceTransformer model = _ml.Sequence.Trainers.Ntm(SmallNtm.Options(1)).Fit(data);

        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => _ml.Sequence.Trace(model, data).First()["usage"]).Message,
            "The trace has no 'usage'. It has: inputs, answers, targets, error, read 1 weighting");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() =>
            _ml.Sequence.Trace(_ml.Transforms.CopyColumns("A", "Features").Fit(data), data)).Message, "one sequence model; this one has 0");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() =>
            _ml.Sequence.Trace(model, _ml.Data.LoadFromEnumerable(new[] { new Other() })));
    }

    private static NtmTrainer.Options Named(string features)
    {
        NtmTrainer.Options options = SmallNtm.Options(2);
        options.FeatureColumnName = features;
        return options;
    }

    private SequenceTrace Trace(ITransformer model) => _ml.Sequence.Trace(model, new CopyTask(4, 4, bits: 2, seed: 9).ToDataView(_ml, 1))
        .Single();

    private static double[] Values(SequenceTrace trace, string name, int step) =>
        [.. trace[name][step].ToArray().Select(value => (double)value)];

    private static double[][] Memory(SequenceTrace trace, int step, int width) => [.. Values(trace, "memory", step).Chunk(width)];

    private static void AssertClose(double[][] expected, double[][] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            AssertClose(expected[i], actual[i]);
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], Rounding * Math.Max(1, Math.Abs(expected[i])));
    }

    private sealed class Other
    {
        public float Number { get; set; }
    }
}
