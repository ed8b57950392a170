using System.Collections;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.NTM.Interop;

/// <summary>
/// What a pipeline is made of before it is fitted. ML.NET keeps a chain's estimators private, so they are read by reflection.
/// </summary>
internal static class EstimatorChains
{
    /// <summary>The estimators in their order; a chain in a chain is as good as its parts. An estimator alone is its only part.</summary>
    public static IEnumerable<IEstimator<ITransformer>> Parts(IEstimator<ITransformer> estimator)
    {
        Type type = estimator.GetType();
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(EstimatorChain<>))
            return [estimator];
        FieldInfo field = type.GetField("_estimators", BindingFlags.Instance | BindingFlags.NonPublic)
            ?? throw new NotSupportedException("This version of ML.NET keeps the estimators of a chain elsewhere.");
        return ((IEnumerable)field.GetValue(estimator)!).Cast<IEstimator<ITransformer>>().SelectMany(Parts);
    }
}
