using Microsoft.ML.NTM.Model.Safetensors;
using Microsoft.ML.NTM.Tests.Robustness;
using Microsoft.ML.NTM.Training.Checkpoints;

namespace Microsoft.ML.NTM.Tests.Golden;

/// <summary>Files that once did harm, or would: each is refused with one clear error and costs little.</summary>
[TestClass]
public sealed class HostileFilesTests
{
    public static IEnumerable<object[]> Files => Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Golden", "Hostile"))
        .Order(StringComparer.Ordinal).Select(path => new object[] { Path.GetFileName(path) });

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void AHostileFileIsRefused(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", "Hostile", name);
        long bytes = new FileInfo(path).Length, before = GC.GetAllocatedBytesForCurrentThread();

        Exception? error = Assert.Throws<Exception>(() => Read(path));

        Cost.AssertBounds(bytes, GC.GetAllocatedBytesForCurrentThread() - before);
        bool isOurs = false;
        for (; error is not null; error = error.InnerException)
        {
            Assert.IsLessThan(1_000, error.Message.Length);
            isOurs |= error is InvalidDataException;
        }
        Assert.IsTrue(isOurs, "The error says nothing about the file.");
    }

    private static void Read(string path)
    {
        if (Path.GetExtension(path) == ".zip")
            new MLContext(1).Model.Load(path, out _);
        else
        {
            using (FileStream stream = File.OpenRead(path))
                SafetensorsHeader.Read(stream).RequireTensorsIn(stream);
            _ = new CheckpointLoader(path);
        }
    }
}
