namespace Microsoft.ML.NTM.Model;

/// <summary>Everything that is wrong with a <see cref="SequenceSpec"/>, on its own and next to its network.</summary>
internal static class SequenceSpecFaults
{
    /// <summary>Most answer steps that a spec can ask for by itself.</summary>
    internal const int MaxOutputLength = 1_000_000;

    /// <summary>One sentence per fault, each saying what is allowed and what came; empty where the spec is sound.</summary>
    internal static IReadOnlyList<string> Faults(this SequenceSpec spec, NetworkSpec network)
    {
        var faults = new List<string>();
        NetworkSpecFaults.RequireDefined(faults, nameof(spec.Alignment), spec.Alignment);
        NetworkSpecFaults.RequireDefined(faults, nameof(spec.Loss), spec.Loss);
        NetworkSpecFaults.RequireWithin(faults, nameof(spec.FeatureSize), spec.FeatureSize, 1, NetworkSpecFaults.MaxSize);
        if (spec.Loss == SequenceLoss.Auto)
            faults.Add("Loss must be settled in a fitted model; it is Auto.");
        if ((long)spec.FeatureSize + spec.MarkerSize != network.InputSize)
            faults.Add(
                $"The network's InputSize must be FeatureSize ({spec.FeatureSize}) plus {spec.MarkerSize} delimiter channels; it is "
                    + $"{network.InputSize}.");
        if (spec.OutputLength is int length)
            NetworkSpecFaults.RequireWithin(faults, nameof(spec.OutputLength), length, 1, MaxOutputLength);
        if (spec.OutputLengthColumnName is "")
            faults.Add("OutputLengthColumnName must be a column's name or null; it is empty.");
        CheckGroups(spec, network, faults);
        return faults;
    }

    /// <summary>Does nothing for a sound spec.</summary>
    /// <exception cref="ArgumentException">The spec has faults; the message lists them all.</exception>
    internal static void ThrowIfFaulty(this SequenceSpec spec, NetworkSpec network)
    {
        using var invariant = new InvariantText();
        IReadOnlyList<string> faults = spec.Faults(network);
        if (faults.Count > 0)
            throw new ArgumentException("The sequence settings do not hold together. " + Quoted.Faults(faults), nameof(spec));
    }

    private static void CheckGroups(SequenceSpec spec, NetworkSpec network, List<string> faults)
    {
        if (spec.SoftmaxGroups < 1 || network.OutputSize % spec.SoftmaxGroups != 0)
            faults.Add($"SoftmaxGroups must divide the OutputSize ({network.OutputSize}) evenly; it is {spec.SoftmaxGroups}.");
        if (spec.SoftmaxGroups > 1 && spec.Loss != SequenceLoss.CrossEntropy)
            faults.Add($"SoftmaxGroups above 1 need the CrossEntropy loss; SoftmaxGroups is {spec.SoftmaxGroups} and Loss {spec.Loss}.");
    }
}
