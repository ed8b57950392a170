using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>A state between two steps at which the chain of derivatives is cut, to be gone back over in two parts.</summary>
internal sealed class StateCut
{
    private readonly List<(Tensor Reached, Tensor Copy)> _parts = [];

    /// <summary>Cuts one tensor of the state: gives what the next steps go on from.</summary>
    public Tensor Add(Tensor reached)
    {
        Tensor copy = reached.detach();
        if (!reached.requires_grad)
            return copy;
        copy.requires_grad_(true);
        _parts.Add((reached, copy));
        // The state of a step is released after the next; the copy is still asked for what it collected.
        return copy.alias();
    }

    /// <summary>
    /// After the steps behind the cut were gone back over: goes back over those before it, from what is collected here and from their own
    /// <paramref name="loss"/>, which may be null.
    /// </summary>
    public void Backward(Tensor? loss)
    {
        var from = new List<Tensor>();
        var by = new List<Tensor>();
        if (loss is not null)
        {
            from.Add(loss);
            by.Add(ones_like(loss));
        }
        foreach ((Tensor reached, Tensor copy) in _parts)
        {
            if (copy.grad is not { } gradient)
                continue;
            from.Add(reached);
            by.Add(gradient);
        }
        if (from.Count > 0)
            autograd.backward(from, by);
    }
}
