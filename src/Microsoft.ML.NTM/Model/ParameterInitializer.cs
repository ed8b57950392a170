using System.Globalization;

namespace Microsoft.ML.NTM.Model;

/// <summary>
/// Draws a network's first parameters from a seed. Every parameter has a random stream of its own, made of the seed and its name, and only
/// correctly rounded operations are used: same seed and shape, same bits, on every platform.
/// <list type="table">
/// <item><term>controller.l.weight_ih, weight_hh</term><description>uniform, Glorot's bound sqrt(6 / (in + H + 4H)) over the joint matrix,
/// as TensorFlow's BasicLSTMCell has in Collier and Beel's NTM (arXiv:1807.08518); weight_hh per gate orthogonal where asked for (Saxe et
/// al., arXiv:1312.6120)</description></item>
/// <item><term>controller.l.bias</term><description>0, and 1 for the forget gate: arXiv:1807.08518 and deepmind/dnc, after Jozefowicz et
/// al. 2015</description></item>
/// <item><term>controller.0.weight, heads.weight, interface.weight, output.weight</term><description>Glorot uniform, sqrt(6 / (in + out)),
/// times a gain (pytorch-ntm uses 1.4 for heads, arXiv:1807.08518 about 1)</description></item>
/// <item><term>embedding.weight</term><description>uniform with standard deviation 1 / sqrt(E): a key is about as long as one-hot,
/// 1</description></item>
/// <item><term>other biases</term><description>0</description></item>
/// <item><term>initial.reads, read_weights, write_weights</term><description>uniform, Glorot's bound for one input, sqrt(6 / (1 + n)) per
/// row of n, as in arXiv:1807.08518; the logits of slot 0 are raised, so that all heads start at one place: from a weighting spread over
/// equal slots, a shift leads nowhere</description></item>
/// <item><term>initial.hidden.l, cell.l</term><description>uniform with standard deviation 0.05 (pytorch-ntm)</description></item>
/// <item><term>initial.memory</term><description>learned: as initial.reads over N*M; random: uniform with standard deviation 0.5
/// (the spread arXiv:1807.08518 draws from)</description></item>
/// </list>
/// </summary>
internal static class ParameterInitializer
{
    private const double HiddenDeviation = 0.05;
    private const double RandomMemoryDeviation = 0.5;

    /// <summary>Freshly drawn parameters for <paramref name="spec"/>.</summary>
    internal static ParameterSet Create(NetworkSpec spec, long seed, InitializationSettings? settings = null)
    {
        spec.ThrowIfFaulty();
        var parameters = new ParameterSet(spec);
        Initialize(parameters, spec, seed, settings ?? new InitializationSettings());
        return parameters;
    }

    /// <summary>Overwrites all <paramref name="parameters"/>.</summary>
    internal static void Initialize(ParameterSet parameters, NetworkSpec spec, long seed, InitializationSettings settings)
    {
        foreach (ParameterSlice slice in parameters.Layout.Slices)
            Fill(parameters.Slice(slice.Name), slice, spec, new SeededRandom(seed, slice.Name), settings);
    }

    private static void Fill(Span<float> values, ParameterSlice slice, NetworkSpec spec, SeededRandom random,
        InitializationSettings settings)
    {
        string[] name = slice.Name.Split('.');
        switch (name[0], name[^1].Replace(ParameterNames.Reverse, "", StringComparison.Ordinal))
        {
            case ("controller", "bias"):
                FillControllerBias(values, spec, settings.ForgetBias);
                break;
            case (_, "bias"):
                values.Clear();
                break;
            case ("embedding", "weight"):
                FillUniform(values, UniformBound(1 / Math.Sqrt(spec.EmbeddingSize)), random);
                break;
            case ("controller", "weight_hh") when settings.OrthogonalRecurrence:
                for (int gate = 0; gate < 4; gate++)
                    OrthogonalMatrix.Fill(values.Slice(gate * values.Length / 4, values.Length / 4), spec.ControllerSize, random);
                break;
            case ("controller", "weight_ih" or "weight_hh"):
                FillUniform(values, GlorotBound(JointInputs(slice, spec, name[1]), 4 * spec.ControllerSize), random);
                break;
            case (var part, "weight"):
                double gain = part is "heads" or "interface" ? settings.HeadsGain : 1;
                FillUniform(values, gain * GlorotBound(slice.Shape[1], slice.Shape[0]), random);
                break;
            case ("initial", "memory") when spec.InitialMemory == InitialMemory.Random:
                FillUniform(values, UniformBound(RandomMemoryDeviation), random);
                break;
            case ("initial", "memory"):
                FillUniform(values, GlorotBound(1, values.Length), random);
                break;
            case ("initial", "reads"):
                FillUniform(values, GlorotBound(1, slice.Shape[1]), random);
                break;
            case ("initial", "read_weights" or "write_weights"):
                FillUniform(values, GlorotBound(1, slice.Shape[1]), random);
                for (int head = 0; head < slice.Shape[0]; head++)
                    values[head * slice.Shape[1]] += settings.StartFocus;
                break;
            case ("initial", _):
                FillUniform(values, UniformBound(HiddenDeviation), random);
                break;
            default:
                throw new InvalidOperationException($"No initial values are defined for the parameter '{slice.Name}'.");
        }
    }

    // An LSTM's bias is [4H], gates i, f, g, o; a feed-forward controller's is [H].
    private static void FillControllerBias(Span<float> values, NetworkSpec spec, float forgetBias)
    {
        values.Clear();
        if (spec.Controller == ControllerKind.Lstm)
            values.Slice(spec.ControllerSize, spec.ControllerSize).Fill(forgetBias);
    }

    // [x ; h], the input and the recurrence side by side.
    private static int JointInputs(ParameterSlice slice, NetworkSpec spec, string layer) =>
        spec.LayerInputSize(int.Parse(layer, CultureInfo.InvariantCulture)) + slice.Shape[0] / 4;

    private static double GlorotBound(double inputs, double outputs) => Math.Sqrt(6 / (inputs + outputs));

    // A uniform variable in [-b, b] has variance b^2 / 3.
    private static double UniformBound(double deviation) => deviation * Math.Sqrt(3);

    private static void FillUniform(Span<float> values, double bound, SeededRandom random)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)random.NextSymmetric(bound);
    }
}

/// <summary>What can be chosen about a network's first parameters.</summary>
internal sealed record InitializationSettings
{
    /// <summary>Bias of an LSTM's forget gates.</summary>
    public float ForgetBias { get; init; } = 1f;

    /// <summary>Whether an LSTM's recurrent matrices start orthogonal, gate by gate, instead of uniform.</summary>
    public bool OrthogonalRecurrence { get; init; }

    /// <summary>What slot 0's logit in the initial weightings has over the others.</summary>
    public float StartFocus { get; init; } = 6f;

    /// <summary>Factor on the Glorot bound of the map from controller to heads (NTM) or interface (DNC).</summary>
    public float HeadsGain { get; init; } = 1f;
}
