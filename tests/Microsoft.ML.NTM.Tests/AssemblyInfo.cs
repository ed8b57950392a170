using System.Runtime.CompilerServices;

[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.ClassLevel)]

// SchemaShape.Create, which ML.NET's own estimator tests use, is internal.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
