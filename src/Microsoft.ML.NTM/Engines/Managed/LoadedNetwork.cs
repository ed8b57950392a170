using Microsoft.ML.NTM.Kernels;

namespace Microsoft.ML.NTM.Engines.Managed;

/// <summary>
/// A network with parameters made ready for its steps: all that rows share while they run. Any number of sequences on any number of threads
/// may read it between two calls of <see cref="Load"/>.
/// </summary>
internal sealed unsafe class LoadedNetwork
{
    private const int LeastShared = 512 * 1024;

    private static readonly WorkerPool s_alone = new(threads: 1);

    private readonly PinnedBuffer _parameters;
    private readonly Action<int> _loadPiece, _loadBackPiece;
    private bool _goesBack;

    /// <param name="network">The network.</param>
    /// <param name="sequence">The loss and its groups.</param>
    /// <param name="panelWidth">Columns per panel of the products that run it.</param>
    public LoadedNetwork(NetworkSpec network, SequenceSpec sequence, int panelWidth)
    {
        (Network, Sequence) = (network, sequence);
        (_loadPiece, _loadBackPiece) = (piece => Matrices!.Load(Parameters, piece), piece => Matrices!.LoadBack(Parameters, piece));
        Layout = new ParameterLayout(network);
        _parameters = new PinnedBuffer(Layout.Length);
        Offsets = new ParameterOffsets(network, Layout);
        Matrices = new NetworkWeights(network, Layout, panelWidth);
        Start = network.Kind == NetworkKind.Ntm ? new NtmStart(network, Layout) : null;
    }

    public NetworkSpec Network { get; }

    public SequenceSpec Sequence { get; }

    public ParameterLayout Layout { get; }

    /// <summary>Where the vectors stand among the parameters.</summary>
    public ParameterOffsets Offsets { get; }

    /// <summary>The matrices, as products want them.</summary>
    public NetworkWeights Matrices { get; }

    /// <summary>What an NTM's memory starts from; null for other networks.</summary>
    public NtmStart? Start { get; }

    /// <summary>The flat parameters: [P].</summary>
    public float* Parameters => _parameters.Pointer;

    /// <summary>Takes other parameters, [P]: copied and made ready for the forward pass.</summary>
    /// <param name="parameters">[P].</param>
    /// <param name="pool">Threads that may take part, or null.</param>
    /// <exception cref="ArgumentException">There are more or fewer than the network has.</exception>
    public void Load(ReadOnlySpan<float> parameters, WorkerPool? pool = null)
    {
        if (parameters.Length != Layout.Length)
            throw new ArgumentException($"The network has {Layout.Length} parameters, got {parameters.Length}.", nameof(parameters));
        parameters.CopyTo(_parameters.Span(0, parameters.Length));
        Share(pool, Matrices.Pieces, _loadPiece);
        Start?.Load(Parameters);
        _goesBack = false;
    }

    /// <summary>Makes the parameters ready for the backward pass, too, where they are not.</summary>
    public void PrepareBackward(WorkerPool? pool = null)
    {
        if (_goesBack)
            return;
        Share(pool, Matrices.BackPieces, _loadBackPiece);
        _goesBack = true;
    }

    // Few numbers are copied sooner than a thread is woken.
    private void Share(WorkerPool? pool, int pieces, Action<int> load)
    {
        pool ??= s_alone;
        pool.Run(pieces, load, shared: Layout.Length >= LeastShared || pool.Awake);
    }
}
