namespace Microsoft.ML.NTM.Tests.Kernels;

[TestClass]
public sealed class TilesTests
{
    [TestMethod]
    public void TheTilesAreWhatTheirSourceWrites()
    {
        foreach ((string name, string written) in TileSource.Write())
        {
            string file = Path.Combine(SourceTree.Root, "src", "Microsoft.ML.NTM", "Kernels", name);
            if (Environment.GetEnvironmentVariable("UPDATE_TILES") is not null)
                File.WriteAllText(file, written);

            Assert.AreEqual(written, File.ReadAllText(file).ReplaceLineEndings("\n"));
        }
    }
}
