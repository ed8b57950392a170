using System.Numerics.Tensors;
using Microsoft.ML.NTM.Engines;

namespace Microsoft.ML.NTM.Training;

/// <summary>
/// Changes parameters by their gradient. All it remembers is in <see cref="State"/> and <see cref="Steps"/>: who restores both goes on bit
/// for bit. A step allocates nothing, and gives the same bits whatever the machine's vector width.
/// </summary>
internal abstract unsafe class Optimizer
{
    // Parameters in a piece, a multiple of every vector's length.
    private const int Piece = 1 << 14;

    private readonly float[][] _state;
    private readonly Action<int> _update;
    private readonly float _weightDecay;
    private readonly (int Offset, int Length)[] _decaying;

    // The step that is being made.
    private float* _parameters, _gradient;
    private int _count;
    private GradientBounds _bounds;
    private float _learningRate;

    /// <summary>An optimizer that remembers <paramref name="stateNames"/>.Length numbers per parameter.</summary>
    protected Optimizer(ParameterLayout layout, OptimizerSettings settings, params string[] stateNames)
    {
        _weightDecay = settings.WeightDecay;
        _decaying = _weightDecay > 0 ? [.. layout.Slices.Where(Decays).Select(slice => (slice.Offset, slice.Length))] : [];
        _update = Update;
        StateNames = stateNames;
        _state = [.. stateNames.Select(_ => new float[layout.Length])];
    }

    /// <summary>What is remembered per parameter.</summary>
    public IReadOnlyList<string> StateNames { get; }

    /// <summary>One array of [P] numbers per name of <see cref="StateNames"/>.</summary>
    public IReadOnlyList<float[]> State => _state;

    /// <summary>Steps made since the start or the last <see cref="Reset"/>.</summary>
    public long Steps { get; set; }

    /// <summary>One step.</summary>
    /// <param name="parameters">All parameters: [P], changed in place; they stay finite (see <see cref="UpdateRule"/>).</param>
    /// <param name="gradient">The loss's derivatives: [P], finite, with a norm of at most <see cref="GradientClip.LargestNorm"/>.</param>
    /// <param name="bounds">What clipping does to the gradient.</param>
    /// <param name="learningRate">The step's rate.</param>
    /// <param name="engine">Whose threads share the work; null: the caller's.</param>
    public void Step(Span<float> parameters, ReadOnlySpan<float> gradient, GradientBounds bounds, float learningRate,
        IEngine? engine = null)
    {
        Steps++;
        Prepare(learningRate);
        int pieces = (parameters.Length + Piece - 1) / Piece;
        fixed (float* first = parameters, by = gradient)
        {
            _parameters = first;
            _gradient = by;
            (_count, _bounds, _learningRate) = (parameters.Length, bounds, learningRate);
            if (engine is not null)
                engine.Share(pieces, _update);
            else
            {
                for (int piece = 0; piece < pieces; piece++)
                    Update(piece);
            }
        }
    }

    /// <summary>Forgets everything, as if no step had been made.</summary>
    public void Reset()
    {
        Steps = 0;
        foreach (float[] values in _state)
            Array.Clear(values);
    }

    /// <summary>Works out what all pieces of a step have in common; <see cref="Steps"/> already counts it.</summary>
    protected abstract void Prepare(float learningRate);

    /// <summary>Changes some parameters; several threads may do so at once, each with others.</summary>
    protected abstract void Apply(in UpdatePiece piece);

    private void Update(int piece)
    {
        int from = piece * Piece, count = Math.Min(Piece, _count - from);
        var parameters = new Span<float>(_parameters + from, count);
        Decay(parameters, from);
        Apply(new UpdatePiece
        {
            Parameters = parameters,
            Gradient = new ReadOnlySpan<float>(_gradient + from, count),
            Bounds = _bounds,
            First = StateOf(0, from, count),
            Second = StateOf(1, from, count),
            Third = StateOf(2, from, count),
        });
    }

    private Span<float> StateOf(int state, int from, int count) => state < _state.Length ? _state[state].AsSpan(from, count) : [];

    // p = p - rate decay p (arXiv:1711.05101, algorithm 2): weight matrices only, not biases, not initial states.
    private void Decay(Span<float> parameters, int first)
    {
        foreach ((int offset, int length) in _decaying)
        {
            int from = Math.Max(offset - first, 0), to = Math.Min(offset + length - first, parameters.Length);
            if (from >= to)
                continue;
            Span<float> weights = parameters[from..to];
            TensorPrimitives.Multiply(weights, 1 - _learningRate * _weightDecay, weights);
        }
    }

    private static bool Decays(ParameterSlice slice) => slice.Trainable && slice.Name.Contains(".weight", StringComparison.Ordinal);
}
