using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Model.Foreign;

/// <summary>
/// The Python scripts of docs/import.md, as they stand there, on what PyTorch itself saves: its answers are the model's. Inconclusive
/// without a Python that has torch; where it has no safetensors, a stand-in writes that format.
/// </summary>
[TestClass]
public sealed partial class TorchScriptsTests
{
    private const string Convert = """
        import os, runpy, sys
        os.chdir(sys.argv[1])
        sys.path.append(sys.argv[2])
        runpy.run_path("convert.py")
        """;

    private static readonly string s_programs =
        Path.Combine(SourceTree.Root, "tests", "Microsoft.ML.NTM.Tests", "Model", "Foreign", "Python");

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void TheScriptForPyTorchNtmGivesItsAnswers(int seed) => AssertConverted("pytorch_ntm", "ntm.model", PyTorchNtm.Spec, seed);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void TheScriptForPyTorchDncPutsEveryNumberInItsPlace(int seed) =>
        AssertConverted("pytorch_dnc", "dnc.pth", PyTorchDnc.Spec with { NumberOfReadHeads = 4 }, seed);

    [TestMethod]
    [DataRow(1)]
    public void AnLstmThatTorchExportsAnswersTheSame(int seed)
    {
        using var folder = new Folder();
        Answers expected = Original("lstm_to_onnx", folder["lstm.onnx"], folder["answers.json"], seed);

        using SequenceTransformer model = _ml.Sequence.ImportOnnxLstm(folder["lstm.onnx"]);

        AssertSame(expected, model);
    }

    private void AssertConverted(string program, string checkpoint, NetworkSpec spec, int seed)
    {
        using var folder = new Folder();
        Answers expected = Original(program, folder[checkpoint], folder["answers.json"], seed);
        File.WriteAllText(folder["convert.py"], Script(checkpoint));
        Python.Run(Python.With("torch"), "-c", Convert, folder.Path, Path.Combine(s_programs, "stand-ins"));

        var sequence = new SequenceSpec { FeatureSize = spec.InputSize, Loss = SequenceLoss.BinaryCrossEntropy };
        using SequenceTransformer model =
            _ml.Sequence.LoadSafetensors(Directory.GetFiles(folder.Path, "*.safetensors").Single(), spec, sequence);
        AssertSame(expected, model);
    }

    private static Answers Original(string program, string saved, string answers, int seed)
    {
        Python.Run(Python.With("torch"), Path.Combine(s_programs, program + ".py"), saved, answers, $"{seed}");
        return JsonSerializer.Deserialize<Answers>(File.ReadAllText(answers))!;
    }

    // The page's block that loads this checkpoint.
    private static string Script(string checkpoint) =>
        Block().Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "import.md"))).Select(block => block.Groups["code"].Value)
            .Single(code => code.Contains($"torch.load(\"{checkpoint}\"", StringComparison.Ordinal));

    private void AssertSame(Answers expected, SequenceTransformer model)
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Sequence { Features = expected.Inputs }]);
        float[] got = model.Transform(data).GetColumn<float[]>("Score").Single();
        Assert.HasCount(expected.Outputs.Length, got);
        Assert.IsGreaterThan(0.1f, expected.Outputs.Max() - expected.Outputs.Min(), "answers that do not differ show nothing");
        for (int i = 0; i < got.Length; i++)
            Assert.AreEqual(expected.Outputs[i], got[i], 2e-5f, $"answer {i}");
    }

    [GeneratedRegex("```python\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    private sealed record Answers(float[] Inputs, [property: System.Text.Json.Serialization.JsonPropertyName("Answers")] float[] Outputs);

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory().FullName;

        public string this[string file] => System.IO.Path.Combine(Path, file);

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    private sealed class Sequence
    {
        public float[] Features { get; set; } = [];
    }
}
