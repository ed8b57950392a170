namespace Microsoft.ML.NTM.Tests.Publishing;

/// <summary>
/// The template as a user meets it: installed from its package, made into a project in an empty folder, built with the library's package,
/// run.
/// </summary>
[TestClass]
public sealed class TemplateTests
{
    [TestMethod]
    public void ANewProjectOfTheTemplateTrainsAndAnswers()
    {
        using var feed = new Feed("Microsoft.ML.NTM", "Microsoft.ML.NTM.Templates");
        string folder = Directory.CreateTempSubdirectory("template").FullName;
        string hive = Path.Combine(folder, "hive"), project = Path.Combine(folder, "Machines");
        Feed.Run("dotnet", "new", "install", feed.PathOf("Microsoft.ML.NTM.Templates"), "--debug:custom-hive", hive);
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="feed" value="{feed.Folder}" />
              </packageSources>
            </configuration>
            """);
        Feed.Run("dotnet", "new", "mlsequence", "-o", project, "--debug:custom-hive", hive);
        Feed.Run("dotnet", "build", project, "-c", "Release", "-nodeReuse:false", "-warnaserror", "-o", Path.Combine(folder, "built"));

        string model = Path.Combine(Environment.CurrentDirectory, "machines.zip");
        string output = Feed.Run("dotnet", Path.Combine(folder, "built", "Machines.dll"));

        StringAssert.Contains(output, "Right in the test: 100");
        StringAssert.Contains(output, "always the commoner outcome:");
        Assert.AreEqual(4, output.Split("Run 50").Length - 1, output);
        File.Delete(model);
        Directory.Delete(folder, recursive: true);
    }
}
