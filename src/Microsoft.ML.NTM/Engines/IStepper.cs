namespace Microsoft.ML.NTM.Engines;

/// <summary>
/// One sequence, a step at a time: the same bits as scoring it as a whole. Used by one thread at a time; copies share the weights.
/// </summary>
internal interface IStepper
{
    /// <summary>How many numbers the state between two steps has.</summary>
    int StateLength { get; }

    /// <summary>Goes back to before the first step.</summary>
    void Reset();

    /// <summary>One step on.</summary>
    /// <param name="inputs">[D], 0 where an embedding makes them.</param>
    /// <param name="keys">Keys to look up, 0 missing: [K].</param>
    /// <param name="logits">The network's outputs before sigmoid or softmax: [O].</param>
    void Step(ReadOnlySpan<float> inputs, ReadOnlySpan<int> keys, Span<float> logits);

    /// <summary>What the last step read, embedded keys included: [D], good until the next step.</summary>
    ReadOnlySpan<float> Inputs { get; }

    /// <summary>Tells what heads and memory were in the last step; nothing where there is no memory.</summary>
    void Look(TraceSink sink);

    /// <summary>Copies the state.</summary>
    /// <param name="state">[StateLength].</param>
    void Save(Span<float> state);

    /// <summary>Goes on from a saved state.</summary>
    /// <param name="state">[StateLength], finite numbers.</param>
    void Load(ReadOnlySpan<float> state);

    /// <summary>Another one in the same state.</summary>
    IStepper Clone();
}
