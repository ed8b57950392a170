using System.Runtime.CompilerServices;

namespace Microsoft.ML.NTM.Model;

/// <summary>
/// Everything that is wrong with a <see cref="NetworkSpec"/>, in plain words. A spec may come from a model file that nobody vouches for, so
/// the limits also bound what a spec can make its reader allocate.
/// </summary>
internal static class NetworkSpecFaults
{
    /// <summary>Most controller layers: far above any use, and few enough to list.</summary>
    internal const int MaxLayers = 100;

    /// <summary>Largest single size (D, O, H, M, N, R, W).</summary>
    internal const int MaxSize = 1_000_000;

    /// <summary>Most trained numbers: 1 GiB as float32.</summary>
    internal const int MaxParameters = 1 << 28;

    /// <summary>Most numbers of state that one sequence carries from step to step: 1 GiB as float32.</summary>
    internal const int MaxState = 1 << 28;

    /// <summary>One sentence per fault, each saying what is allowed and what came; empty where the spec is sound.</summary>
    internal static IReadOnlyList<string> Faults(this NetworkSpec spec)
    {
        var faults = new List<string>();
        CheckKinds(spec, faults);
        CheckSizes(spec, faults);
        CheckFamily(spec, faults);
        if (faults.Count == 0)
            CheckTotals(spec, faults);
        return faults;
    }

    /// <summary>Does nothing for a sound spec.</summary>
    /// <exception cref="ArgumentException">The spec has faults; the message lists them all.</exception>
    internal static void ThrowIfFaulty(this NetworkSpec spec)
    {
        using var invariant = new InvariantText();
        IReadOnlyList<string> faults = spec.Faults();
        if (faults.Count > 0)
            throw new ArgumentException("The network cannot be built. " + Quoted.Faults(faults), nameof(spec));
    }

    /// <summary>Adds a fault unless <paramref name="value"/> is one of its type's names.</summary>
    // Not generic: a process would compile it for each kind before its first score.
    internal static void RequireDefined(List<string> faults, string name, Enum value)
    {
        if (!Enum.IsDefined(value.GetType(), value))
            faults.Add($"{name} must be one of {string.Join(", ", Enum.GetNames(value.GetType()))}; it is {value}.");
    }

    /// <summary>Adds a fault unless <paramref name="value"/> lies between the bounds, both included.</summary>
    internal static void RequireWithin(List<string> faults, string name, int value, int low, int high)
    {
        if (value < low || value > high)
            faults.Add($"{name} must be from {low} to {high}; it is {value}.");
    }

    private static void Require(List<string> faults, bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] FaultText fault)
    {
        if (!holds)
            faults.Add(fault.ToString());
    }

    private static void CheckKinds(NetworkSpec spec, List<string> faults)
    {
        RequireDefined(faults, nameof(spec.Kind), spec.Kind);
        RequireDefined(faults, nameof(spec.Controller), spec.Controller);
        RequireDefined(faults, nameof(spec.WriteRule), spec.WriteRule);
        RequireDefined(faults, nameof(spec.InitialMemory), spec.InitialMemory);
        RequireDefined(faults, nameof(spec.InitialWeightings), spec.InitialWeightings);
        RequireDefined(faults, nameof(spec.SharpeningEpsilonPlace), spec.SharpeningEpsilonPlace);
    }

    private static void CheckSizes(NetworkSpec spec, List<string> faults)
    {
        RequireWithin(faults, nameof(spec.InputSize), spec.InputSize, 1, MaxSize);
        RequireWithin(faults, nameof(spec.OutputSize), spec.OutputSize, 1, MaxSize);
        RequireWithin(faults, nameof(spec.ControllerSize), spec.ControllerSize, 1, MaxSize);
        RequireWithin(faults, nameof(spec.ControllerLayers), spec.ControllerLayers, 1, MaxLayers);
        CheckEmbedding(spec, faults);
        Require(faults, spec.Controller != ControllerKind.FeedForward || spec.ControllerLayers == 1,
            $"A feed-forward controller has 1 layer; ControllerLayers is {spec.ControllerLayers}.");
        Require(faults, float.IsFinite(spec.ControllerClip) && spec.ControllerClip > 0,
            $"ControllerClip must be a positive number; it is {spec.ControllerClip}.");
        Require(faults, spec.SharpeningEpsilon is >= 1e-30f and <= 0.01f,
            $"SharpeningEpsilon must be from 1e-30 to 0.01; it is {spec.SharpeningEpsilon}.");
        if (!spec.HasMemory)
            return;
        RequireWithin(faults, nameof(spec.MemorySlots), spec.MemorySlots, 1, MaxSize);
        RequireWithin(faults, nameof(spec.MemoryWidth), spec.MemoryWidth, 1, MaxSize);
        RequireWithin(faults, nameof(spec.NumberOfReadHeads), spec.NumberOfReadHeads, 1, MaxSize);
        RequireWithin(faults, nameof(spec.NumberOfWriteHeads), spec.NumberOfWriteHeads, 1, MaxSize);
    }

    private static void CheckEmbedding(NetworkSpec spec, List<string> faults)
    {
        RequireWithin(faults, nameof(spec.EmbeddingSize), spec.EmbeddingSize, 0, MaxSize);
        RequireWithin(faults, nameof(spec.VocabularySize), spec.VocabularySize, 0, MaxParameters);
        RequireWithin(faults, nameof(spec.KeysPerStep), spec.KeysPerStep, 0, MaxSize);
        bool any = spec.EmbeddingSize != 0 || spec.VocabularySize != 0 || spec.KeysPerStep != 0;
        bool all = spec.EmbeddingSize != 0 && spec.VocabularySize != 0 && spec.KeysPerStep != 0;
        Require(faults, any == all, $"EmbeddingSize, VocabularySize and KeysPerStep must all be 0 or none; they are "
            + $"{spec.EmbeddingSize}, {spec.VocabularySize} and {spec.KeysPerStep}.");
        Require(faults, (long)spec.KeysPerStep * spec.EmbeddingSize <= spec.InputSize,
            $"The {spec.KeysPerStep} embedded keys of {spec.EmbeddingSize} numbers must be among the {spec.InputSize} inputs.");
    }

    // A setting of another family would silently do nothing, so it is a fault.
    private static void CheckFamily(NetworkSpec spec, List<string> faults)
    {
        bool ntm = spec.Kind == NetworkKind.Ntm;
        bool dnc = spec.Kind == NetworkKind.Dnc;
        if (ntm)
        {
            Require(faults, spec.ShiftRange >= 0 && 2L * spec.ShiftRange + 1 <= spec.MemorySlots,
                $"The 2 * ShiftRange + 1 shifts must be from 1 to MemorySlots ({spec.MemorySlots}); ShiftRange is {spec.ShiftRange}.");
        }
        Require(faults, !dnc || spec.NumberOfWriteHeads == 1, $"A DNC has 1 write head; NumberOfWriteHeads is {spec.NumberOfWriteHeads}.");
        Require(faults, spec.Kind != NetworkKind.Lstm || spec.Controller == ControllerKind.Lstm,
            $"An LSTM network has an LSTM controller; Controller is {spec.Controller}.");
        Require(faults, spec.Kind == NetworkKind.Lstm || !spec.Bidirectional, $"Bidirectional belongs to the LSTM; Kind is {spec.Kind}.");
        Require(faults, ntm || !spec.KeyTanh, $"KeyTanh belongs to the NTM; Kind is {spec.Kind}.");
        Require(faults, ntm || spec.WriteRule == MemoryWriteRule.EraseAdd,
            $"WriteRule {spec.WriteRule} belongs to the NTM; Kind is {spec.Kind}.");
        Require(faults, ntm || spec.InitialMemory == InitialMemory.Constant,
            $"InitialMemory {spec.InitialMemory} belongs to the NTM; Kind is {spec.Kind}.");
        Require(faults, dnc || !spec.MaskedContent, $"MaskedContent belongs to the DNC; Kind is {spec.Kind}.");
        Require(faults, dnc || !spec.Deallocation, $"Deallocation belongs to the DNC; Kind is {spec.Kind}.");
        Require(faults, dnc || !spec.LinkSharpening, $"LinkSharpening belongs to the DNC; Kind is {spec.Kind}.");
    }

    private static void CheckTotals(NetworkSpec spec, List<string> faults)
    {
        double parameters = CountParameters(spec);
        Require(faults, parameters <= MaxParameters,
            $"All sizes together ask for {parameters:F0} parameters; at most {MaxParameters} are allowed.");
        double state = CountState(spec);
        Require(faults, state <= MaxState,
            $"All sizes together ask for {state:F0} numbers of state per sequence; at most {MaxState} are allowed.");
    }

    // The sum over ParameterLayout's slices, in an arithmetic that cannot overflow for sizes within MaxSize and is exact far beyond
    // MaxParameters.
    internal static double CountParameters(NetworkSpec spec)
    {
        double size = spec.ControllerSize, layers = spec.ControllerLayers, directions = spec.Directions;
        double width = spec.MemoryWidth, slots = spec.MemorySlots;
        double readHeads = spec.NumberOfReadHeads, writeHeads = spec.NumberOfWriteHeads;
        bool ntm = spec.Kind == NetworkKind.Ntm, dnc = spec.Kind == NetworkKind.Dnc, lstm = spec.Controller == ControllerKind.Lstm;

        double reads = spec.HasMemory ? readHeads * width : 0;
        double input = spec.InputSize + reads;
        double hidden = size * layers * directions;
        double total = lstm
            ? 4 * size * (directions * (input + (layers - 1) * (size * directions + (dnc ? input : 0)) + layers) + hidden)
            : size * (input + 1);
        total += spec.OutputSize * (hidden + reads + 1) + (double)spec.VocabularySize * spec.EmbeddingSize;

        if (ntm)
        {
            double addressing = width + 2 * (double)spec.ShiftRange + 4;
            double writing = addressing + width * (spec.WriteRule == MemoryWriteRule.EraseAdd ? 2 : 1);
            total += (readHeads * addressing + writeHeads * writing) * (hidden + 1) + reads;
            total += spec.InitialMemory == InitialMemory.Constant ? 0 : slots * width;
            total += spec.InitialWeightings == InitialWeightings.Learned ? (readHeads + writeHeads) * slots : 0;
        }
        if (dnc)
        {
            double masks = spec.MaskedContent ? (readHeads + 1) * width : 0;
            double interfaceSize = reads + 3 * width + 5 * readHeads + 3 + masks + (spec.LinkSharpening ? 2 * readHeads : 0);
            total += interfaceSize * (hidden + 1);
        }
        return total + (lstm && !dnc ? 2 * hidden : 0);
    }

    // Memory, one weighting per head and, in a DNC, the N x N linkage.
    private static double CountState(NetworkSpec spec)
    {
        if (!spec.HasMemory)
            return 2 * (double)spec.ControllerSize * spec.DirectedLayers;
        double slots = spec.MemorySlots;
        return slots * (spec.MemoryWidth + (double)spec.NumberOfReadHeads + spec.NumberOfWriteHeads)
            + (spec.Kind == NetworkKind.Dnc ? slots * slots : 0);
    }
}
