using k8s;
using k8s.Models;
using Orleans.Hosting.Kubernetes;

namespace Microsoft.ML.NTM.Tests.Sweeping.Cluster;

/// <summary>
/// The manifest of the sample SweepCluster, read by Kubernetes' own client, which knows every field: no Kubernetes is needed, and none has
/// run it.
/// </summary>
[TestClass]
public sealed class SweepManifestTests
{
    private static readonly string s_sample = Path.Combine(SourceTree.Root, "samples", "SweepCluster");
    private static readonly List<object> s_objects =
        KubernetesYaml.LoadAllFromString(File.ReadAllText(Path.Combine(s_sample, "kubernetes", "sweep.yaml")), strict: true);

    private static V1Job Job => The<V1Job>();

    private static V1Container Container => Job.Spec.Template.Spec.Containers.Single();

    [TestMethod]
    public void TheContainersArgumentsAreTheProgramsAndNameWhatTheManifestHas()
    {
        var settings = new Settings();
        var errors = new StringWriter();
        Assert.IsNull(Arguments.Read([.. Container.Args], "", TextWriter.Null, errors, ("cluster", settings)), errors.ToString());

        V1Service redis = The<V1Service>();
        Assert.IsTrue(settings.Kubernetes);
        Assert.AreEqual($"{redis.Metadata.Name}:{redis.Spec.Ports.Single().Port}", settings.Redis);
        V1VolumeMount mount = Container.VolumeMounts.Single();
        Assert.AreEqual(mount.MountPath, settings.Folder);
        V1Volume volume = Job.Spec.Template.Spec.Volumes.Single(volume => volume.Name == mount.Name);
        V1PersistentVolumeClaim claim = The<V1PersistentVolumeClaim>();
        Assert.AreEqual(claim.Metadata.Name, volume.PersistentVolumeClaim.ClaimName);
        CollectionAssert.AreEqual(new[] { "ReadWriteMany" }, claim.Spec.AccessModes.ToArray());
        CollectionAssert.AreEqual(new[] { ("silo", settings.SiloPort), ("gateway", settings.GatewayPort) },
            Container.Ports.Select(port => (port.Name, port.ContainerPort)).ToArray());
    }

    [TestMethod]
    public void ThePodTellsOrleansItsNameAddressAndCluster()
    {
        CollectionAssert.AreEquivalent(new[]
        {
            (KubernetesHostingOptions.PodNameEnvironmentVariable, "metadata.name"),
            (KubernetesHostingOptions.PodNamespaceEnvironmentVariable, "metadata.namespace"),
            (KubernetesHostingOptions.PodIPEnvironmentVariable, "status.podIP"),
            (KubernetesHostingOptions.ServiceIdEnvironmentVariable, $"metadata.labels['{KubernetesHostingOptions.ServiceIdLabel}']"),
            (KubernetesHostingOptions.ClusterIdEnvironmentVariable, $"metadata.labels['{KubernetesHostingOptions.ClusterIdLabel}']"),
        }, Container.Env.Select(variable => (variable.Name, variable.ValueFrom.FieldRef.FieldPath)).ToArray());
        CollectionAssert.AreEquivalent(new[] { KubernetesHostingOptions.ServiceIdLabel, KubernetesHostingOptions.ClusterIdLabel },
            Job.Spec.Template.Metadata.Labels.Keys.ToArray());
    }

    [TestMethod]
    public void ThePodMayAskForPods()
    {
        string account = The<V1ServiceAccount>().Metadata.Name;
        V1RoleBinding binding = The<V1RoleBinding>();
        V1PolicyRule rule = The<V1Role>().Rules.Single();

        Assert.AreEqual(account, Job.Spec.Template.Spec.ServiceAccountName);
        Assert.AreEqual(("ServiceAccount", account), (binding.Subjects.Single().Kind, binding.Subjects.Single().Name));
        Assert.AreEqual(("Role", The<V1Role>().Metadata.Name), (binding.RoleRef.Kind, binding.RoleRef.Name));
        CollectionAssert.AreEqual(new[] { "pods" }, rule.Resources.ToArray());
        CollectionAssert.IsSubsetOf(new[] { "get", "list", "watch", "patch" }, rule.Verbs.ToArray());
    }

    [TestMethod]
    public void AllIsInOneNamespaceAndServicesFindTheirPods()
    {
        string space = The<V1Namespace>().Metadata.Name;
        foreach (IMetadata<V1ObjectMeta> one in s_objects.Cast<IMetadata<V1ObjectMeta>>().Where(one => one is not V1Namespace))
            Assert.AreEqual(space, one.Metadata.NamespaceProperty, one.Metadata.Name);
        Assert.AreEqual(space, The<V1RoleBinding>().Subjects.Single().NamespaceProperty);
        V1StatefulSet redis = The<V1StatefulSet>();
        CollectionAssert.IsSubsetOf(The<V1Service>().Spec.Selector.ToArray(), redis.Spec.Template.Metadata.Labels.ToArray());
        CollectionAssert.IsSubsetOf(redis.Spec.Selector.MatchLabels.ToArray(), redis.Spec.Template.Metadata.Labels.ToArray());
        Assert.AreEqual(The<V1Service>().Spec.Ports.Single().Port, redis.Spec.Template.Spec.Containers.Single().Ports.Single()
            .ContainerPort);
    }

    [TestMethod]
    public void TheImageStartsTheSample()
    {
        string[] lines = File.ReadAllLines(Path.Combine(s_sample, "Dockerfile"));

        StringAssert.Contains(lines[0], $"-t {Container.Image} ");
        CollectionAssert.Contains(lines, "RUN dotnet publish samples/SweepCluster -c Release -o /app");
        CollectionAssert.Contains(lines, """ENTRYPOINT ["dotnet", "SweepCluster.dll"]""");
    }

    private static T The<T>() => s_objects.OfType<T>().Single();
}
