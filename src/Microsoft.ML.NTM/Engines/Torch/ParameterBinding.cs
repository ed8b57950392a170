using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.NTM.Engines.Torch;

/// <summary>Which tensor of a module is which slice of the flat parameters; both sides use the same names.</summary>
internal sealed class ParameterBinding
{
    private readonly (ParameterSlice Slice, Tensor Tensor)[] _bound;

    public ParameterBinding(nn.Module module, ParameterLayout layout)
    {
        var tensors = module.named_buffers().ToDictionary(b => b.name, b => b.buffer);
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in module.named_parameters())
            tensors.Add(name, parameter);
        string[] wanted = [.. layout.Slices.Select(slice => slice.Name)];
        if (!tensors.Keys.ToHashSet().SetEquals(wanted))
        {
            throw new ArgumentException($"The module has the parameters {string.Join(", ", tensors.Keys)}, but the model has "
                + $"{string.Join(", ", wanted)}.", nameof(layout));
        }
        _bound = [.. layout.Slices.Select(slice => (slice, CheckShape(slice, tensors[slice.Name])))];
    }

    /// <summary>P.</summary>
    public long Length => _bound.Sum(b => (long)b.Slice.Length);

    /// <summary>Copies flat values, [P], into the module.</summary>
    public void Load(Tensor flat)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((ParameterSlice slice, Tensor tensor) in _bound)
            tensor.copy_(flat.narrow(0, slice.Offset, slice.Length).view(tensor.shape));
    }

    /// <summary>Lets the module's tensors live until the module is disposed.</summary>
    public void DetachFromDisposeScope()
    {
        foreach ((_, Tensor tensor) in _bound)
            tensor.DetachFromDisposeScope();
    }

    /// <summary>The module's values: [P].</summary>
    public Tensor Values() => cat([.. _bound.Select(b => b.Tensor.detach().flatten())]);

    /// <summary>The gradients that the last backward pass left, 0 where it left none: [P].</summary>
    public Tensor Gradients() => cat([.. _bound.Select(b => b.Slice.Trainable && b.Tensor.grad is { } gradient
        ? gradient.flatten()
        : zeros_like(b.Tensor).flatten())]);

    private static Tensor CheckShape(ParameterSlice slice, Tensor tensor) =>
        tensor.shape.SequenceEqual(slice.Shape.Select(size => (long)size))
        ? tensor
        : throw new ArgumentException($"Parameter '{slice.Name}' is [{string.Join(", ", tensor.shape)}] in the module and "
            + $"[{string.Join(", ", slice.Shape)}] in the model.", nameof(slice));
}
