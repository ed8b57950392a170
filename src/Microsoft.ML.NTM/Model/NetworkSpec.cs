namespace Microsoft.ML.NTM;

/// <summary>
/// The sizes and kinds that fix a network's equations and its parameters. Together with a <see cref="ParameterSet"/> it is the model;
/// an engine is only a way to run it. Letters in brackets are those of the equations.
/// </summary>
public sealed record NetworkSpec
{
    /// <summary>The network's family.</summary>
    public NetworkKind Kind { get; init; } = NetworkKind.Ntm;

    /// <summary>Inputs per step (D): embedded keys first, then numbers, then the delimiter channel where there is one.</summary>
    public int InputSize { get; init; } = 1;

    /// <summary>Numbers that each embedded key becomes (E); 0: no input is a key.</summary>
    public int EmbeddingSize { get; init; }

    /// <summary>Keys that the embedding has a row for (V).</summary>
    public int VocabularySize { get; init; }

    /// <summary>Keys per step that are looked up (K): the first K x E of the D inputs.</summary>
    public int KeysPerStep { get; init; }

    /// <summary>Outputs per step (O).</summary>
    public int OutputSize { get; init; } = 1;

    /// <summary>The controller's kind. A <see cref="NetworkKind.Lstm"/> network has an LSTM controller.</summary>
    public ControllerKind Controller { get; init; } = ControllerKind.Lstm;

    /// <summary>Units per controller layer (H).</summary>
    public int ControllerSize { get; init; } = 100;

    /// <summary>Controller layers (L); 1 for a feed-forward controller.</summary>
    public int ControllerLayers { get; init; } = 1;

    /// <summary>
    /// Whether each layer reads the sequence a second time, from its last step to its first, with weights of its own; what both directions
    /// put out goes side by side, forward first, to the next layer and to the output (LSTM only).
    /// </summary>
    public bool Bidirectional { get; init; }

    /// <summary>Memory slots (N).</summary>
    public int MemorySlots { get; init; } = 128;

    /// <summary>Numbers per memory slot (M).</summary>
    public int MemoryWidth { get; init; } = 20;

    /// <summary>Read heads (R).</summary>
    public int NumberOfReadHeads { get; init; } = 1;

    /// <summary>Write heads (W); 1 in a DNC.</summary>
    public int NumberOfWriteHeads { get; init; } = 1;

    /// <summary>
    /// Largest shift of a head per step (S); the shifts are -S..S, and 2S+1 is at most <see cref="MemorySlots"/> (NTM only).
    /// </summary>
    public int ShiftRange { get; init; } = 1;

    /// <summary>How write heads change the memory (NTM only).</summary>
    public MemoryWriteRule WriteRule { get; init; } = MemoryWriteRule.EraseAdd;

    /// <summary>Whether keys pass through tanh before they are compared with the memory (NTM only).</summary>
    public bool KeyTanh { get; init; }

    /// <summary>What the memory holds before the first step (NTM only).</summary>
    public InitialMemory InitialMemory { get; init; } = InitialMemory.Constant;

    /// <summary>Where the heads point before the first step (NTM only).</summary>
    public InitialWeightings InitialWeightings { get; init; } = InitialWeightings.Learned;

    /// <summary>Controller outputs are clipped to [-clip, clip].</summary>
    public float ControllerClip { get; init; } = 20f;

    /// <summary>Compare memory through a learned mask (DNC only; arXiv:1904.10278, section 3.1).</summary>
    public bool MaskedContent { get; init; }

    /// <summary>Erase what the free gates release (DNC only; arXiv:1904.10278, section 3.2).</summary>
    public bool Deallocation { get; init; }

    /// <summary>Sharpen the temporal links (DNC only; arXiv:1904.10278, section 3.3).</summary>
    public bool LinkSharpening { get; init; }

    /// <summary>
    /// Keeps sharpening from dividing by zero: (w + eps)^gamma / sum (w + eps)^gamma, or as <see cref="SharpeningEpsilonPlace"/> says.
    /// From 1e-30 to 0.01 (NTM, and a DNC's <see cref="LinkSharpening"/>).
    /// </summary>
    public float SharpeningEpsilon { get; init; } = 1e-6f;

    /// <summary>Where <see cref="SharpeningEpsilon"/> is added; other implementations add it after the power.</summary>
    public SharpeningEpsilonPlace SharpeningEpsilonPlace { get; init; } = SharpeningEpsilonPlace.BeforePower;

    /// <summary>Inputs that the embedding makes (K*E).</summary>
    internal int EmbeddedSize => KeysPerStep * EmbeddingSize;

    /// <summary>Whether the network has a memory.</summary>
    internal bool HasMemory => Kind != NetworkKind.Lstm;

    /// <summary>In how many directions a layer reads.</summary>
    internal int Directions => Bidirectional ? 2 : 1;

    /// <summary>
    /// Layers, each counted once per direction: layer 0 forward, layer 0 reverse, layer 1 forward, and so on; or just the layers.
    /// </summary>
    internal int DirectedLayers => ControllerLayers * Directions;

    /// <summary>All controller layers' outputs side by side (L*H, or 2*L*H in both directions): what heads and output see.</summary>
    internal int HiddenSize => ControllerSize * DirectedLayers;

    /// <summary>All reads side by side (R*M); 0 without a memory.</summary>
    internal int ReadSize => HasMemory ? NumberOfReadHeads * MemoryWidth : 0;

    /// <summary>What the controller sees each step, [x ; r^1 ; ... ; r^R] (D + R*M).</summary>
    internal int ControllerInputSize => InputSize + ReadSize;

    /// <summary>What layer <paramref name="layer"/> of the controller sees, without its own recurrence.</summary>
    internal int LayerInputSize(int layer) => layer == 0
        ? ControllerInputSize
        : ControllerSize * Directions + (Kind == NetworkKind.Dnc ? ControllerInputSize : 0);

    /// <summary>The layer of one of the <see cref="DirectedLayers"/>.</summary>
    internal int LayerOf(int directed) => directed / Directions;

    /// <summary>Whether one of the <see cref="DirectedLayers"/> reads from the last step to the first.</summary>
    internal bool IsReverse(int directed) => directed % Directions == 1;

    /// <summary>Raw parameters of one read head: key, strength, gate, shifts, sharpening (M + 1 + 1 + 2S+1 + 1).</summary>
    internal int ReadHeadSize => MemoryWidth + 2 * ShiftRange + 4;

    /// <summary>
    /// Raw parameters of one write head: a read head's, then erase (only with <see cref="MemoryWriteRule.EraseAdd"/>) and add.
    /// </summary>
    internal int WriteHeadSize => ReadHeadSize + MemoryWidth * (WriteRule == MemoryWriteRule.EraseAdd ? 2 : 1);

    /// <summary>Raw parameters of all heads (P): read heads 1..R, then write heads 1..W.</summary>
    internal int HeadsSize => NumberOfReadHeads * ReadHeadSize + NumberOfWriteHeads * WriteHeadSize;

    /// <summary>
    /// Raw parameters of a DNC: R read keys, R read strengths, write key, write strength, erase, write vector, R free gates, allocation
    /// gate, write gate, R x 3 read modes (backward, content, forward); then, where the options ask for them, R read masks, a write mask,
    /// R x 2 link sharpenings (backward, forward).
    /// </summary>
    internal int InterfaceSize => NumberOfReadHeads * MemoryWidth + NumberOfReadHeads + 3 * MemoryWidth + 1 + NumberOfReadHeads + 2
        + 3 * NumberOfReadHeads
        + (MaskedContent ? (NumberOfReadHeads + 1) * MemoryWidth : 0) + (LinkSharpening ? 2 * NumberOfReadHeads : 0);
}
