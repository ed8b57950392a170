[assembly: System.Runtime.CompilerServices.IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: System.Runtime.CompilerServices.IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace System.Runtime.CompilerServices;

/// <summary>
/// Tells the runtime to let this assembly use another's internal members. The runtime knows the attribute by name only, so it is
/// declared here. ML.NET keeps internal what a component needs that saves, loads and describes itself as ML.NET's own do.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>The assembly whose internal members are used.</summary>
    public string AssemblyName { get; } = assemblyName;
}
