using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Tests.Onnx;

/// <summary>Graphs of all kinds through the checker of the onnx package, which also infers every shape.</summary>
[TestClass]
public sealed class CheckerTests
{
    // ML.NET writes -1 for the rows of a pipeline's graph; the checker wants a name before it compares shapes.
    private const string Check = """
        import sys, onnx
        for name in sys.argv[1:]:
            model = onnx.load(name)
            onnx.checker.check_model(model)
            if "step" not in name:
                for value in [*model.graph.input, *model.graph.output, *model.graph.value_info]:
                    for size in value.type.tensor_type.shape.dim:
                        if size.dim_value == -1:
                            size.dim_param = "rows"
            onnx.checker.check_model(model, full_check=True)
            print("checked")
        """;

    [TestMethod]
    public void GraphsPassTheCheckerOfOnnx()
    {
        string python = Python.With("onnx");
        var ml = new MLContext(seed: 1);
        string folder = Directory.CreateTempSubdirectory().FullName;
        foreach (NetworkKind kind in Enum.GetValues<NetworkKind>())
        {
            for (int seed = 0; seed < 12; seed++)
            {
                OnnxCase given = OnnxCase.Random(kind, seed, [3, 5]);
                using var model = new SequenceTransformer(CatalogUtils.GetEnvironment(ml.Sequence), given.Model, SequenceBackend.Managed);
                using FileStream whole = File.Create(Path.Combine(folder, $"{kind}{seed}.onnx"));
                ml.Model.ConvertToOnnx(model, given.View(ml), whole);
                using FileStream step = File.Create(Path.Combine(folder, $"{kind}{seed}.step.onnx"));
                ml.Sequence.ExportStepOnnx(model, step);
            }
        }
        string[] files = Directory.GetFiles(folder);
        string script = Path.Combine(folder, "check.py");
        File.WriteAllText(script, Check);

        Assert.AreEqual(files.Length, Python.Run(python, [script, .. files]).Split("checked").Length - 1);
        Directory.Delete(folder, recursive: true);
    }
}
