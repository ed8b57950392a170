using System.Runtime.CompilerServices;

// One test at a time: other threads' garbage collections can free TorchSharp's scalars during native calls (see Torch.props).
[assembly: DoNotParallelize]

// SchemaShape.Create, which ML.NET's own estimator tests use, is internal.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.OnnxConverter")]
