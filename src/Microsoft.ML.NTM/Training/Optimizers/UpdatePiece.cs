namespace Microsoft.ML.NTM.Training;

/// <summary>Neighbouring parameters and what a step needs of each.</summary>
internal ref struct UpdatePiece
{
    /// <summary>The parameters, changed in place.</summary>
    public Span<float> Parameters { get; set; }

    /// <summary>The loss's derivatives by them.</summary>
    public ReadOnlySpan<float> Gradient { get; set; }

    /// <summary>What clipping does to the derivatives.</summary>
    public GradientBounds Bounds { get; set; }

    /// <summary>The optimizer's states, changed in place; empty where it has fewer.</summary>
    public Span<float> First { get; set; }

    /// <inheritdoc cref="First"/>
    public Span<float> Second { get; set; }

    /// <inheritdoc cref="First"/>
    public Span<float> Third { get; set; }
}
